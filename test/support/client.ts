import { expectDocumented } from './documented-answers.js';

/** The body of any answer. Tests assert the fields that they read. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a type for each answer would repeat the API document
export type Json = any;

export interface Answer {
  status: number;
  /** The parsed JSON, or the text if it is not JSON; undefined if the answer is empty. */
  body: Json;
  headers: Headers;
}

export type HeadersGiven = Readonly<Record<string, string>>;

/** A client of the service, with or without a token. */
export interface Api {
  get(path: string, headers?: HeadersGiven): Promise<Answer>;
  post(path: string, body?: unknown, headers?: HeadersGiven): Promise<Answer>;
  put(path: string, body?: unknown, headers?: HeadersGiven): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: HeadersGiven): Promise<Answer>;
  delete(path: string, headers?: HeadersGiven): Promise<Answer>;
  /** Sends the body unchanged; the content type is set only if `headers` contain it. */
  send(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>, headers?: HeadersGiven): Promise<Answer>;
}

/** A client of the service at this address. */
export function api(baseUrl: string, token?: string): Api {
  const authorization: HeadersGiven = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const send: Api['send'] = async (method, path, body, headers) => {
    const response = await fetch(baseUrl + path, {
      method,
      body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
      headers: { ...authorization, ...headers },
      redirect: 'manual',
    });
    const answer = { status: response.status, body: read(await response.text()), headers: response.headers };
    expectDocumented(method, path, answer);
    return answer;
  };
  const sendJson = (method: string) => (path: string, body?: unknown, headers?: HeadersGiven) =>
    body === undefined
      ? send(method, path, undefined, headers)
      : send(method, path, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  const withoutBody = (method: string) => (path: string, headers?: HeadersGiven) =>
    send(method, path, undefined, headers);

  return {
    get: withoutBody('GET'),
    post: sendJson('POST'),
    put: sendJson('PUT'),
    patch: sendJson('PATCH'),
    delete: withoutBody('DELETE'),
    send,
  };
}

function read(text: string): Json {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
