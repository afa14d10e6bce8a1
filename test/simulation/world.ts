import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Answer, type Api, type HeadersGiven, type Json } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';
import { isoText, type Moment } from './model/calendar.js';
import { BrokenInvariant } from './check.js';

const adminToken = 'admin-token-of-the-tests-0123456789';

/** Where a run stores its data. */
export interface Place {
  readonly databaseUrl: string;
  /** The data folder, which contains the mailbox. */
  readonly folder: string;
}

/** The service of a run, which can be stopped, restarted and joined by a second instance. */
export class World {
  /** The number of answered requests. */
  requests = 0;
  restarts = 0;
  readonly #place: Place;
  #service: TestService | undefined;

  constructor(
    place: Place,
    public now: Moment,
  ) {
    this.#place = place;
  }

  get service(): TestService {
    if (!this.#service) throw new Error('The service is not running');
    return this.#service;
  }

  async start(jobs: 'on' | 'off' = 'off'): Promise<void> {
    this.#service = await this.#instance(jobs);
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  async restart(jobs: 'on' | 'off'): Promise<void> {
    await this.stop();
    await this.start(jobs);
    this.restarts += 1;
  }

  /** Runs `work` while a second instance uses the same database. Its clock follows that of the first. */
  async withSecondInstance<T>(work: (other: Api) => Promise<T>): Promise<T> {
    const other = await this.#instance('off');
    try {
      return await work(this.#checkedClient(() => other, adminToken));
    } finally {
      await other.stop();
    }
  }

  /** A client that works across restarts: each request goes to the instance that runs then. */
  clientOf(token: string): Api {
    return this.#checkedClient(() => this.service, token);
  }

  /** A client without a token. */
  get withoutToken(): Api {
    return this.#checkedClient(() => this.service);
  }

  get admin(): Api {
    return this.clientOf(adminToken);
  }

  /** Reads rows of the database. */
  rows<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.service.database.read((tx) => tx.query<Row>(sql, values));
  }

  /** Removes all messages from the mailbox, and returns their files and heads. */
  takeNewMessages(): { file: string; head: string }[] {
    const folder = join(this.#place.folder, 'mailbox');
    return files(folder).map((file) => {
      const message = readFileSync(join(folder, file), 'latin1');
      unlinkSync(join(folder, file));
      return { file, head: message.slice(0, message.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ') };
    });
  }

  #instance(jobs: 'on' | 'off'): Promise<TestService> {
    const { databaseUrl, folder } = this.#place;
    return startService({ databaseUrl, clock: isoText(this.now), env: { DATA_DIR: folder, JOBS: jobs } });
  }

  /** Counts the requests, and throws if the service answers with a server error. */
  #checkedClient(service: () => TestService, token?: string): Api {
    const client = (): Api => api(service().baseUrl, token);
    const watch = async (name: string, request: Promise<Answer>): Promise<Answer> => {
      const answer = await request;
      this.requests += 1;
      if (answer.status >= 500)
        throw new BrokenInvariant('the service never answers with a server error', `${name}: ${answerText(answer)}`);
      return answer;
    };
    return {
      get: (path, headers) => watch(`GET ${path}`, client().get(path, headers)),
      post: (path, body, headers) => watch(`POST ${path}`, client().post(path, body, headers)),
      put: (path, body, headers) => watch(`PUT ${path}`, client().put(path, body, headers)),
      patch: (path, body, headers) => watch(`PATCH ${path}`, client().patch(path, body, headers)),
      delete: (path, headers) => watch(`DELETE ${path}`, client().delete(path, headers)),
      send: (method, path, body, headers) => watch(`${method} ${path}`, client().send(method, path, body, headers)),
    };
  }
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .sort();
  } catch {
    // The folder does not exist before the first delivery.
    return [];
  }
}

/** The body of an answer, which must be successful. */
export async function must(request: Promise<Answer>): Promise<Json> {
  const answer = await request;
  if (answer.status >= 300) throw new BrokenInvariant('a valid request succeeds', answerText(answer));
  return answer.body;
}

/** Sends a change with `If-Match`, which is the ETag of the answer to `read`. */
export async function ifMatch(
  read: Promise<Answer>,
  change: (headers: HeadersGiven) => Promise<Answer>,
): Promise<Answer> {
  const { headers } = await read;
  return change({ 'if-match': headers.get('etag') ?? '' });
}

export function answerText({ status, body }: Answer): string {
  return `${status} ${JSON.stringify(body)}`;
}
