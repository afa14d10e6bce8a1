import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { dayAt } from '../../domain/calendar.js';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock, SimulatedClock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { refusalOf } from '../../platform/database/database-errors.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { normalPathOf } from '../../platform/http/idempotency-key.js';
import { languageOf } from '../../platform/http/language.js';
import { replyOf, requestOf } from '../../platform/http/request.js';
import { findStored, KeyInUse, lockKeys, store, whenKeyIsFree } from '../../platform/idempotency.js';
import { consoleHeaders, pageText } from '../../platform/pages/page.js';
import { Config } from '../../platform/settings/config.js';
import { ConsoleFrame } from '../frame/console-frame.js';
import { RefusalPage } from '../parts/refusal.js';
import type { FormSteps, Fragment, PageReader, PageResult, Redirect, ShownPage } from './console-page.js';
import { keyOfForm } from './form-key.js';
import { csrfToken, isCsrfToken } from './csrf.js';
import { keepFlash, takeFlash } from './flash.js';

/** Metadata: the services that the handler calls open their own transactions. */
export const opensOwnTransaction = 'trm:console-own-transaction';

const readers = new WeakMap<FastifyRequest, PageReader>();

/** The signed-in reader of a page. */
export function readerOf(request: FastifyRequest): PageReader {
  const reader = readers.get(request);
  if (!reader) throw new Error('Only pages with @ConsolePage() have a reader');
  return reader;
}

/**
 * Opens the transaction of a page and puts the frame around its main part. For a form, it checks that a page of the same session contained
 * the form, carries out each form key once, and shows the page again after a refusal.
 */
@Injectable()
export class ConsoleInterceptor implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly rules: ServiceRules,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = requestOf(context);
    readers.set(request, this.#reader(request));
    const isOwn = Reflect.getMetadata(opensOwnTransaction, context.getHandler()) === true;
    const reply = replyOf(context);
    const looksOnly = request.method === 'GET' || request.method === 'HEAD';
    return from(looksOnly ? this.#show(request, reply, isOwn, next) : this.#take(request, reply, isOwn, next));
  }

  #reader(request: FastifyRequest): PageReader {
    const { actor, browserSession } = request;
    const { sessionId, locale, timeZone, shortcuts } = browserSession!;
    const now = this.clock.now();
    const zone = timeZone ?? this.rules.houseTimeZone;
    return {
      actor: actor!,
      sessionId,
      language: locale ?? languageOf(request.headers['accept-language']),
      timeZone: zone,
      now,
      today: dayAt(now, zone),
      shortcuts,
      isSimulated: this.clock instanceof SimulatedClock,
      path: request.url,
      csrf: csrfToken(this.config, sessionId),
    };
  }

  async #show(request: FastifyRequest, reply: FastifyReply, isOwn: boolean, next: CallHandler): Promise<unknown> {
    const handle = (): Promise<PageResult | StreamableFile> => lastValueFrom(next.handle());
    const reader = readerOf(request);
    let result: PageResult | StreamableFile;
    try {
      result = isOwn ? await handle() : await this.database.read((tx) => ((request.tx = tx), handle()));
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      result = { ...RefusalPage({ refusal, reader }), status: statusOf(refusal.code) };
    }
    return result instanceof StreamableFile ? result : send(request, reply, result);
  }

  async #take(request: FastifyRequest, reply: FastifyReply, isOwn: boolean, next: CallHandler): Promise<unknown> {
    if (!isCsrfToken(this.config, request.browserSession!.sessionId, csrfTokenOf(request)))
      throw new Refusal('form-not-ours');
    const steps = await lastValueFrom(next.handle() as Observable<FormSteps>);
    try {
      const act = (tx: Transaction): Promise<PageResult> => steps.act(tx);
      // A service that opens its own transactions gets none.
      const done = isOwn ? await act(undefined as unknown as Transaction) : await this.#once(request, act);
      return await send(request, reply, done);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal || refusal.retryAfterSeconds !== undefined) throw error;
      const again = await this.database.read((tx) => steps.again(tx, refusal));
      return send(request, reply, { ...again, status: again.status ?? statusOf(refusal.code) });
    }
  }

  /** Carries out a form with a key once. Sent again, it leads to the same page with the same message. */
  #once(request: FastifyRequest, act: (tx: Transaction) => Promise<PageResult>): Promise<PageResult> {
    const key = keyOfForm(request.actor!.userId, normalPathOf(request), request.body);
    if (key === undefined) return this.database.write(act);
    const { scope, bodyHash } = key;
    return whenKeyIsFree(() =>
      this.database.write(async (tx) => {
        if ((await lockKeys(tx, [scope])).size > 0) throw new KeyInUse();
        const first = (await findStored(tx, [scope], this.clock.now())).get(scope.hash);
        if (first?.bodyHash === bodyHash) return first.body as Redirect;
        // A key that was sent with other fields comes from a page in the browser's history, whose form was changed and sent again.
        const done = await act(tx);
        if (!first && 'to' in done)
          await store(tx, [{ scope, answer: { bodyHash, status: 303, body: done } }], this.clock.now());
        return done;
      }),
    );
  }
}

/** The token in the form. A script that sends a file has no form, and puts the token into a header. */
function csrfTokenOf({ body, headers }: FastifyRequest): unknown {
  return headers['x-csrf-token'] ?? ((body ?? {}) as { csrf?: unknown }).csrf;
}

async function send(request: FastifyRequest, reply: FastifyReply, result: PageResult): Promise<string> {
  if ('to' in result) {
    keepFlash(reply, result);
    void reply.status(303).header('location', result.to);
    return '';
  }
  const { language } = readerOf(request);
  const { html, status } = framed(request, reply, result);
  return pageText(reply, { html, language, status }, consoleHeaders);
}

function framed(
  request: FastifyRequest,
  reply: FastifyReply,
  result: ShownPage | Fragment,
): { html: JSX.Element; status?: number } {
  if ('fragment' in result) return { html: result.fragment, status: result.status };
  const { status } = result;
  const html = ConsoleFrame({ reader: readerOf(request), page: result, flash: takeFlash(request, reply) });
  return { html, status };
}
