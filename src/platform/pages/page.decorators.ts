import { applyDecorators, createParamDecorator, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { Public, queryOfRoute } from '../http/access.decorators.js';
import type { Language } from '../../domain/language.js';
import { requestOf } from '../http/request.js';
import type { DtoClass } from '../http/validation.js';
import { readForm, type Form } from './form.js';
import { WebPageQuery } from './page-query.js';
import { PageInterceptor } from './page.interceptor.js';

/**
 * A page that everybody can open within the rate limit. Its handler returns a `PageAnswer`; the handler of a form returns a
 * `Rendering`.
 */
export const PublicPage = () =>
  applyDecorators(
    Public(),
    SetMetadata(queryOfRoute, WebPageQuery),
    UseInterceptors(PageInterceptor),
    ApiProduces('text/html'),
    ApiQuery({ name: 'lang', required: false, enum: ['en', 'ja'], description: 'The language of the page.' }),
  );

/** Describes the fields of a form in the OpenAPI document. */
export const TakesForm = (dto: DtoClass) =>
  applyDecorators(ApiConsumes('application/x-www-form-urlencoded', 'application/json'), ApiBody({ type: dto }));

/** The form of a page, read into a class. The page shows the faults. */
export const Typed = createParamDecorator((dto: DtoClass, context): Form<object> =>
  readForm(dto, requestOf(context).body),
);

/** The client's address and user agent. */
export interface Visitor {
  address: string;
  userAgent: string | undefined;
}

export const VisitedFrom = createParamDecorator((_: unknown, context): Visitor => {
  const { clientAddress: address, headers } = requestOf(context);
  return { address, userAgent: headers['user-agent'] };
});

/** The language in `?lang=`. Without it, the page chooses. */
export const AskedLanguage = createParamDecorator((_: unknown, context): Language | undefined => {
  const { lang } = requestOf(context).query as WebPageQuery;
  return lang === 'en' || lang === 'ja' ? lang : undefined;
});
