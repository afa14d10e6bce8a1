import type { TestService } from './service.js';

/** An answer to a browser that is not signed in yet. */
export interface DoorAnswer {
  status: number;
  html: string;
  location: string | undefined;
  /** The lines of `Set-Cookie`. */
  cookies: string[];
  headers: Headers;
}

/** A browser with its cookies, without scripts. */
export interface TestBrowser {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<DoorAnswer>;
  head(path: string): Promise<DoorAnswer>;
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<DoorAnswer>;
}

/** A browser that has never been here. */
export function newBrowser({ baseUrl }: Pick<TestService, 'baseUrl'>): TestBrowser {
  const cookies = new Map<string, string>();
  const send = async (path: string, init: RequestInit): Promise<DoorAnswer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(baseUrl + path, {
      ...init,
      headers: { accept: 'text/html', ...(cookie !== '' && { cookie }), ...(init.headers as Record<string, string>) },
      redirect: 'manual',
    });
    const set = response.headers.getSetCookie();
    for (const line of set) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    const { status, headers } = response;
    return {
      status,
      html: await response.text(),
      location: headers.get('location') ?? undefined,
      cookies: set,
      headers,
    };
  };
  return {
    cookies,
    get: (path, headers) => send(path, { headers }),
    head: (path) => send(path, { method: 'HEAD' }),
    post: (path, fields, headers) => send(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
  };
}
