import { applyDecorators, createParamDecorator, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { Public, queryOfRoute } from '../http/access.decorators.js';
import type { Language } from '../../domain/language.js';
import { requestOf } from '../http/request.js';
import type { DtoClass } from '../http/validation.js';
import { readForm, type Form } from './form.js';
import { WebPageQuery } from './page-query.js';
import { PageInterceptor } from './page.interceptor.js';

/** A page for everybody who has its address, within the limit of requests. Its handler answers a `PageAnswer`, or of a form a `Rendering`. */
export const PublicPage = () =>
  applyDecorators(
    Public(),
    SetMetadata(queryOfRoute, WebPageQuery),
    UseInterceptors(PageInterceptor),
    ApiProduces('text/html'),
    ApiQuery({ name: 'lang', required: false, enum: ['en', 'ja'], description: 'The language of the page.' }),
  );

/** For the description of the interface: what the form of a page is read as. */
export const TakesForm = (dto: DtoClass) =>
  applyDecorators(ApiConsumes('application/x-www-form-urlencoded', 'application/json'), ApiBody({ type: dto }));

/** What was typed into the form of a page, read as a class; its faults are for the page to show. */
export const Typed = createParamDecorator((dto: DtoClass, context): Form<object> =>
  readForm(dto, requestOf(context).body),
);

/** Where a request came from, as far as it can be told: the address of the client, and what the browser calls itself. */
export interface Visitor {
  address: string;
  userAgent: string | undefined;
}

export const VisitedFrom = createParamDecorator((_: unknown, context): Visitor => {
  const { clientAddress: address, headers } = requestOf(context);
  return { address, userAgent: headers['user-agent'] };
});

/** The language that `?lang=` asks for; a page decides by itself where nothing is asked. */
export const AskedLanguage = createParamDecorator((_: unknown, context): Language | undefined => {
  const { lang } = requestOf(context).query as WebPageQuery;
  return lang === 'en' || lang === 'ja' ? lang : undefined;
});
