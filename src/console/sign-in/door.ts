import {
  createParamDecorator,
  Injectable,
  UseInterceptors,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { sessionLifeMs } from '../../domain/browser-session.js';
import type { Language } from '../../domain/language.js';
import { Refusal } from '../../domain/refusal.js';
import { linkLifeMs } from '../../domain/sign-in-link.js';
import type { SignInBrowser } from '../../features/sign-in/sign-in.service.js';
import { Public } from '../../platform/http/access.decorators.js';
import { languageOf } from '../../platform/http/language.js';
import { replyOf, requestOf } from '../../platform/http/request.js';
import { isHttps } from '../../platform/http/security-headers.js';
import { cookiesOf, giveCookie, sessionTokenOf, setSessionCookie } from '../../platform/http/session-cookie.js';
import { consoleHeaders, pageText } from '../../platform/pages/page.js';
import { Config } from '../../platform/settings/config.js';
import { DoorFrame } from '../frame/door-frame.js';
import type { Redirect, ShownPage } from '../page/console-page.js';
import { keepFlash, takeFlash } from '../page/flash.js';
import { returnPath } from './return-path.js';

/** Somebody who is not signed in, in front of the console. */
export interface DoorVisit extends SignInBrowser {
  language: Language;
  /** The page to which signing in leads. */
  returnTo: string | undefined;
  /** The query that goes on with each form and link: the page to return to, and the language. */
  query: string;
  /** Whether the browser only looks ahead, or asks for the headers alone. Then nothing may change. */
  looksAhead: boolean;
}

/** What a door page answers. */
export type DoorResult = (ShownPage | Redirect) & {
  /** The token of a session that was opened. */
  opened?: string;
  /** The secret by which this browser is known again when it opens its link. */
  browser?: string;
};

/**
 * A page for people who are not signed in. A form must come from a page of this service: nobody can sign a visitor in as somebody else
 * from another site.
 */
export const DoorPage = () => applyDecorators(Public(), UseInterceptors(DoorInterceptor));

/** Parameter decorator: the visit of the request. */
export const Visit = createParamDecorator((_: unknown, context): DoorVisit => visitOf(requestOf(context)));

const visits = new WeakMap<FastifyRequest, DoorVisit>();

function visitOf(request: FastifyRequest): DoorVisit {
  const visit = visits.get(request);
  if (!visit) throw new Error('Only pages with @DoorPage() have a visit');
  return visit;
}

/** Reads cookies, refuses forms of other sites, puts the frame around the page, and sets cookies. */
@Injectable()
export class DoorInterceptor implements NestInterceptor {
  constructor(private readonly config: Config) {}

  intercept(context: ExecutionContext, next: CallHandler<DoorResult>): Observable<unknown> {
    const request = requestOf(context);
    if (request.method === 'POST' && !isOurForm(request)) throw new Refusal('form-not-ours');
    visits.set(request, this.#visit(request));
    return from(lastValueFrom(next.handle()).then((result) => this.#send(request, replyOf(context), result)));
  }

  #visit(request: FastifyRequest): DoorVisit {
    const { lang, to } = request.query as { lang?: unknown; to?: unknown };
    const { headers, method, clientAddress: address } = request;
    const asked = lang === 'en' || lang === 'ja' ? lang : undefined;
    const returnTo = returnPath(to);
    const purpose = headers['sec-purpose'] ?? headers.purpose ?? headers['x-sec-purpose'] ?? '';
    return {
      visitor: { address, userAgent: headers['user-agent'] },
      browser: cookiesOf(request)[this.#browserCookie],
      presented: sessionTokenOf(request, this.config.publicUrl),
      language: asked ?? languageOf(headers['accept-language']),
      returnTo,
      query: queryWith(returnTo, asked),
      looksAhead: method === 'HEAD' || [purpose].flat().join().includes('prefetch'),
    };
  }

  #send(request: FastifyRequest, reply: FastifyReply, result: DoorResult): Promise<string> | string {
    const { publicUrl } = this.config;
    if (result.opened !== undefined) setSessionCookie(reply, publicUrl, result.opened, sessionLifeMs / 1000);
    if (result.browser !== undefined) {
      giveCookie(reply, this.#browserCookie, result.browser, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: isHttps(publicUrl),
        maxAge: linkLifeMs['sign-in'] / 1000,
      });
    }
    if ('to' in result) {
      keepFlash(reply, result);
      void reply.status(303).header('location', result.to);
      return '';
    }
    const { language, returnTo } = visitOf(request);
    const { title, main, status } = result;
    const [path] = request.url.split('?');
    const otherLanguage = path! + queryWith(returnTo, language === 'en' ? 'ja' : 'en');
    const { said } = takeFlash(request, reply);
    const html = DoorFrame({ language, title, otherLanguage, said, children: main });
    return pageText(reply, { html, language, status }, consoleHeaders);
  }

  /** As with the cookie of the session, the prefix keeps neighbouring hosts from planting one. */
  get #browserCookie(): string {
    return isHttps(this.config.publicUrl) ? '__Host-trm-browser' : 'trm-browser';
  }
}

function queryWith(returnTo: string | undefined, language: Language | undefined): string {
  const query = new URLSearchParams({ ...(returnTo && { to: returnTo }), ...(language && { lang: language }) });
  return query.size > 0 ? `?${query.toString()}` : '';
}

/**
 * Whether a page of this service sent the form. Browsers say where a form comes from, in one header or the other; a program, which has no
 * cookies of a visitor, says nothing.
 */
function isOurForm({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
