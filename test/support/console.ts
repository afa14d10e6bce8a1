import { randomBytes } from 'node:crypto';
import { tokenHash } from '../../src/platform/http/access-tokens.js';
import { newId } from '../../src/platform/ids.js';
import type { TestService } from './service.js';

/** A page of the console as a browser without scripts gets it. */
export interface Page {
  status: number;
  html: string;
  /** The words of the page, without markup. */
  text: string;
  /** The path to which a redirect leads. */
  location: string | undefined;
  headers: Headers;
}

/** A signed-in browser without scripts. */
export interface ConsoleClient {
  /** The `Cookie` header. */
  readonly cookie: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>;
  /**
   * Sends the form with this action, which must stand on `page`: its hidden token and key, and `fields`. Values of a list are sent as
   * several fields with one name. It does not follow a redirect.
   */
  submit(page: Page, action: string, fields?: Readonly<Record<string, string | readonly string[]>>): Promise<Page>;
  /** Opens the page to which a redirect leads. It shows the message of the form. */
  follow(page: Page): Promise<Page>;
}

/** Signs a user in, and returns the token of the session. */
export async function sessionOf(service: TestService, userId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const now = service.clock.now();
  await service.database.write((tx) =>
    tx.query(
      `insert into sessions (id, user_id, token_hash, opened_with, created_at, last_seen_at, address, user_agent)
       values ($1, $2, $3, 'link', $4, $4, '127.0.0.1', 'test')`,
      [newId(), userId, tokenHash(token), now],
    ),
  );
  return token;
}

/** A signed-in user of the console. */
export async function consoleClient(service: TestService, user: { readonly id: string }): Promise<ConsoleClient> {
  const cookies = new Map([['trm', await sessionOf(service, user.id)]]);
  const cookie = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const send = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const response = await fetch(service.baseUrl + path, {
      ...init,
      headers: { cookie: cookie(), accept: 'text/html', ...(init.headers as Record<string, string>) },
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    const html = await response.text();
    const { status, headers } = response;
    return { status, html, text: wordsOf(html), location: headers.get('location') ?? undefined, headers };
  };
  const get: ConsoleClient['get'] = (path, headers) => send(path, { headers });
  return {
    get cookie() {
      return cookie();
    },
    get,
    submit(page, action, fields = {}) {
      const body = new URLSearchParams(hiddenFieldsOf(page, action));
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
      return send(action, { method: 'POST', body });
    },
    follow: ({ status, location }) => {
      if (location === undefined) throw new Error(`The page with status ${status} leads nowhere`);
      return get(location);
    },
  };
}

/** The token and the key of the form with this action. */
function hiddenFieldsOf({ html }: Page, action: string): Record<string, string> {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)];
  const form = forms.find(([, attributes]) => unescaped(/action="([^"]*)"/.exec(attributes!)?.[1] ?? '') === action);
  if (!form) throw new Error(`There is no form for ${action} on the page: ${wordsOf(html)}`);
  const value = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(form[2]!)?.[1] ?? '';
  return { csrf: value('csrf'), key: value('key') };
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&#34;', '"')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

const wordsOf = (html: string): string =>
  unescaped(
    html
      .replace(/<head>[\s\S]*?<\/head>/, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim();
