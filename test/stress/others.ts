import { Agent, request } from 'node:http';
import { parentPort, Worker } from 'node:worker_threads';

/** A request that another user repeats during an attack. */
export interface Call {
  /** The results of calls with one name are counted together. */
  name: string;
  method: 'GET' | 'POST';
  path: string;
  token?: string;
  body?: unknown;
}

/** The results of the calls in one phase. */
export interface PhaseResult {
  count: number;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
  /** The name of the slowest call. */
  slowest: string;
  /** The number of answers 503 with Retry-After. */
  bounded: number;
  /** The numbers of all other errors, such as `bookings: 500`. */
  failures: Readonly<Record<string, number>>;
}

export type Phase = 'before' | 'during';

interface CallResult {
  name: string;
  phase: Phase;
  ms: number;
  /** The status, with `+` if there was a Retry-After, or the error of the connection. */
  outcome: string;
}

type Message = { port: number; calls: readonly Call[]; everyMs: number } | { phase: Phase } | { end: true };

/**
 * Other users of the service, in their own thread, so that an attack does not delay their measurement. They send calls at a fixed
 * interval without waiting for earlier answers. A waiting time starts when the call was due.
 */
export class OtherUsers {
  readonly #worker = new Worker(__filename);

  constructor(port: number, calls: readonly Call[], everyMs: number) {
    this.#post({ port, calls, everyMs });
  }

  /** Counts all later calls in this phase. */
  enter(phase: Phase): void {
    this.#post({ phase });
  }

  /** Waits for missing answers, for at most 30 seconds, and returns the results. */
  async end(): Promise<Record<Phase, PhaseResult>> {
    const results = await new Promise<CallResult[]>((resolve, reject) => {
      this.#worker.once('message', resolve).once('error', reject);
      this.#post({ end: true });
    });
    await this.#worker.terminate();
    return { before: phaseResult(results, 'before'), during: phaseResult(results, 'during') };
  }

  #post(message: Message): void {
    this.#worker.postMessage(message);
  }
}

function phaseResult(all: readonly CallResult[], phase: Phase): PhaseResult {
  const results = all.filter((one) => one.phase === phase).sort((a, b) => a.ms - b.ms);
  const at = (share: number): number =>
    results[Math.min(results.length - 1, Math.floor(results.length * share))]?.ms ?? 0;
  const failures: Record<string, number> = {};
  let bounded = 0;
  for (const { name, outcome } of results) {
    if (/^2/.test(outcome)) continue;
    if (outcome === '503+') bounded++;
    else failures[`${name}: ${outcome}`] = (failures[`${name}: ${outcome}`] ?? 0) + 1;
  }
  const last = results.at(-1);
  return {
    count: results.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    longestMs: last?.ms ?? 0,
    slowest: last?.name ?? '',
    bounded,
    failures,
  };
}

/** The code of the thread. */
function sendCalls(): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const results: CallResult[] = [];
  const missing = new Set<Promise<void>>();
  let phase: Phase = 'before';
  let timer: NodeJS.Timeout | undefined;
  parentPort!.on('message', (message: Message) => {
    if ('phase' in message) phase = message.phase;
    else if ('end' in message) void end();
    else begin(message);
  });

  function begin({ port, calls, everyMs }: Extract<Message, { port: number }>): void {
    let sent = 0;
    const startedAt = performance.now();
    timer = setInterval(() => {
      // Sends all calls that are due, so that a late timer skips none.
      for (; startedAt + sent * everyMs <= performance.now(); sent++) {
        const call = calls[sent % calls.length]!;
        const dueAt = startedAt + sent * everyMs;
        const inPhase = phase;
        const done = outcomeOf(port, call, agent).then((outcome) => {
          results.push({ name: call.name, phase: inPhase, ms: performance.now() - dueAt, outcome });
          missing.delete(done);
        });
        missing.add(done);
      }
    }, 5);
  }

  async function end(): Promise<void> {
    clearInterval(timer);
    await Promise.all(missing);
    agent.destroy();
    parentPort!.postMessage(results);
  }
}

function outcomeOf(port: number, { method, path, token, body }: Call, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent,
      timeout: 30_000,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in 30 s')));
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.on('response', (answer) => {
      answer.on('error', (error) => resolve(error.message));
      answer.on('end', () => resolve(`${answer.statusCode}${answer.headers['retry-after'] === undefined ? '' : '+'}`));
      answer.resume();
    });
    sent.end(text);
  });
}

if (parentPort) sendCalls();
