/** A problem document (RFC 9457). */
export interface DemoProblem {
  code: string;
  title: string;
  status: number;
  detail: string;
  violations?: DemoViolation[];
  maxAcceptableMinutes?: number;
}

export interface DemoViolation {
  code: string;
  detail: string;
  maxAcceptableMinutes?: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Extras {
  language?: 'en' | 'ja';
  idempotencyKey?: string;
  ifMatch?: string;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** An unexpected answer. It ends the story. */
export class UnexpectedAnswer extends Error {
  constructor(asked: string, expected: string, { status, text }: Answer) {
    super(`${asked}\nexpected ${expected}, the answer was ${status}:\n${pretty(text)}`);
    this.name = 'UnexpectedAnswer';
  }
}

/** A user's HTTP client. Node's `fetch` keeps connections open. */
export class Client {
  constructor(
    private readonly url: string,
    readonly token: string,
  ) {}

  /** A client of the same service for another user. */
  as(token: string): Client {
    return new Client(this.url, token);
  }

  get<Body>(path: string): Promise<Body> {
    return this.#expect<Body>('GET', path);
  }

  post<Body>(path: string, body?: object, extras?: Extras): Promise<Body> {
    return this.#expect<Body>('POST', path, body, extras);
  }

  async download(path: string): Promise<Buffer> {
    const response = await fetch(this.url + path, { headers: { authorization: `Bearer ${this.token}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.ok) return bytes;
    const answer = { status: response.status, headers: response.headers, text: bytes.toString() };
    throw new UnexpectedAnswer(`GET ${path}`, 'a file', answer);
  }

  delete(path: string): Promise<void> {
    return this.#expect('DELETE', path);
  }

  /** Reads the resource at `path` and replaces it with `If-Match`. `version` is the path of the ETag. */
  async put<Body>(path: string, body: object, version = path): Promise<Body> {
    return this.#expect<Body>('PUT', path, body, { ifMatch: await this.#etag(version) });
  }

  /** Reads all pages of a list. */
  async list<Item>(path: string, filters: Record<string, string> = {}): Promise<Item[]> {
    const items: Item[] = [];
    const query = new URLSearchParams({ ...filters, limit: '200' });
    for (;;) {
      const { data, nextCursor } = await this.get<{ data: Item[]; nextCursor: string | null }>(`${path}?${query}`);
      items.push(...data);
      if (nextCursor === null) return items;
      query.set('cursor', nextCursor);
    }
  }

  /** Sends a request that the service must refuse with `code`, and prints the explanation. */
  async refused(code: string, method: Method, path: string, body?: object, extras?: Extras): Promise<DemoProblem> {
    const answer = await this.send(method, path, body, extras);
    const problem = answer.status >= 400 ? (JSON.parse(answer.text) as DemoProblem) : undefined;
    if (problem?.code !== code) throw new UnexpectedAnswer(asked(method, path, body), `a refusal ${code}`, answer);
    return problem;
  }

  async send(method: Method, path: string, body?: object, extras: Extras = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        'accept-language': extras.language ?? 'en',
        ...(body && { 'content-type': 'application/json' }),
        ...(extras.idempotencyKey && { 'idempotency-key': extras.idempotencyKey }),
        ...(extras.ifMatch && { 'if-match': extras.ifMatch }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Error(`${method} ${path} got no answer: the service may have ended.`, { cause });
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async #expect<Body>(method: Method, path: string, body?: object, extras?: Extras): Promise<Body> {
    const answer = await this.send(method, path, body, extras);
    if (answer.status >= 300) throw new UnexpectedAnswer(asked(method, path, body), 'success', answer);
    return (answer.text === '' ? undefined : JSON.parse(answer.text)) as Body;
  }

  async #etag(path: string): Promise<string> {
    const answer = await this.send('GET', path);
    const etag = answer.headers.get('etag');
    if (answer.status !== 200 || etag === null) throw new UnexpectedAnswer(`GET ${path}`, '200 with an ETag', answer);
    return etag;
  }
}

/** The request without its body: a batch would fill the screen. */
function asked(method: Method, path: string, body?: object): string {
  return `${method} ${path} ${body ? JSON.stringify(body).slice(0, 600) : ''}`.trim();
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
