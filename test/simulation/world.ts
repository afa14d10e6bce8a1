import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Answer, type Api, type HeadersGiven, type Json } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';
import { shown, type Moment } from './model/calendar.js';
import { BrokenInvariant } from './story.js';

const adminToken = 'admin-token-of-the-tests-0123456789';

export interface Place {
  readonly databaseUrl: string;
  /** The mailbox lies in it. */
  readonly folder: string;
}

/** The service under simulation: it can be stopped, started again and joined by a second instance. */
export class World {
  /** How many requests were answered. */
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

  /** A second instance on the same database has a clock of its own, which follows that of the first. */
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

  /** With a second instance for as long as something lasts. */
  async beside<T>(work: (other: Api) => Promise<T>): Promise<T> {
    const other = await this.#instance('off');
    try {
      return await work(this.#watched(() => other, adminToken));
    } finally {
      await other.stop();
    }
  }

  /** The service as it is at the time of each request, which may be after a restart. */
  as(token: string): Api {
    return this.#watched(() => this.service, token);
  }

  /** Whoever has no token. */
  get anybody(): Api {
    return this.#watched(() => this.service);
  }

  get admin(): Api {
    return this.as(adminToken);
  }

  /** Rows as they lie in the database. */
  rows<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.service.database.read((tx) => tx.query<Row>(sql, values));
  }

  /** Takes the new messages out of the mailbox; returns the names of their files. */
  collectMail(): { file: string; head: string }[] {
    const folder = join(this.#place.folder, 'mailbox');
    return files(folder).map((file) => {
      const message = readFileSync(join(folder, file), 'latin1');
      unlinkSync(join(folder, file));
      return { file, head: message.slice(0, message.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ') };
    });
  }

  #instance(jobs: 'on' | 'off'): Promise<TestService> {
    const { databaseUrl, folder } = this.#place;
    return startService({ databaseUrl, clock: shown(this.now), env: { DATA_DIR: folder, JOBS: jobs } });
  }

  #watched(service: () => TestService, token?: string): Api {
    const asked = (): Api => api(service().baseUrl, token);
    const watch = async (what: string, answered: Promise<Answer>): Promise<Answer> => {
      const answer = await answered;
      this.requests += 1;
      if (answer.status >= 500) throw new BrokenInvariant('the service never fails', `${what}: ${said(answer)}`);
      return answer;
    };
    return {
      get: (path, headers) => watch(`GET ${path}`, asked().get(path, headers)),
      post: (path, body, headers) => watch(`POST ${path}`, asked().post(path, body, headers)),
      put: (path, body, headers) => watch(`PUT ${path}`, asked().put(path, body, headers)),
      patch: (path, body, headers) => watch(`PATCH ${path}`, asked().patch(path, body, headers)),
      delete: (path, headers) => watch(`DELETE ${path}`, asked().delete(path, headers)),
      send: (method, path, body, headers) => watch(`${method} ${path}`, asked().send(method, path, body, headers)),
    };
  }
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .sort();
  } catch {
    // Nothing has been delivered yet.
    return [];
  }
}

/** The body of an answer that must be a success. */
export async function must(asked: Promise<Answer>): Promise<Json> {
  const answer = await asked;
  if (answer.status >= 300) throw new BrokenInvariant('what is asked rightly is done', said(answer));
  return answer.body;
}

/** Changes a thing in the version in which it is read: `If-Match` is the ETag of what `read` answers. */
export async function ifMatch(
  read: Promise<Answer>,
  change: (headers: HeadersGiven) => Promise<Answer>,
): Promise<Answer> {
  const { headers } = await read;
  return change({ 'if-match': headers.get('etag') ?? '' });
}

export function said({ status, body }: Answer): string {
  return `${status} ${JSON.stringify(body)}`;
}
