import { Agent, request } from 'node:http';
import { parentPort, Worker } from 'node:worker_threads';

/** A request that another user makes again and again during an attack. */
export interface Call {
  /** Calls of one name are counted together. */
  name: string;
  method: 'GET' | 'POST';
  path: string;
  token?: string;
  body?: unknown;
}

/** What the calls of one phase came to. */
export interface Felt {
  count: number;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
  /** The name of the call that took longest. */
  slowest: string;
  /** Answers 503 with Retry-After. */
  bounded: number;
  /** Everything else that is no success, such as `bookings: 500`, and how often. */
  failures: Readonly<Record<string, number>>;
}

export type Phase = 'before' | 'during';

interface Answered {
  name: string;
  phase: Phase;
  ms: number;
  /** The status, with `+` where there was a Retry-After; else the error of the connection. */
  outcome: string;
}

type Message = { port: number; calls: readonly Call[]; everyMs: number } | { phase: Phase } | { end: true };

/**
 * Other users of the service, in a thread of their own, so that an attack does not slow down the clock that measures them. They make
 * one call every so often, whether or not the one before it has been answered; the time counts from the moment at which the call was due.
 */
export class Others {
  readonly #worker = new Worker(__filename);

  constructor(port: number, calls: readonly Call[], everyMs: number) {
    this.#say({ port, calls, everyMs });
  }

  /** From now on calls count in this phase. */
  enter(phase: Phase): void {
    this.#say({ phase });
  }

  /** Waits for the answers that are missing, for 30 seconds at most. */
  async end(): Promise<Record<Phase, Felt>> {
    const answered = await new Promise<Answered[]>((resolve, reject) => {
      this.#worker.once('message', resolve).once('error', reject);
      this.#say({ end: true });
    });
    await this.#worker.terminate();
    return { before: felt(answered, 'before'), during: felt(answered, 'during') };
  }

  #say(message: Message): void {
    this.#worker.postMessage(message);
  }
}

function felt(all: readonly Answered[], phase: Phase): Felt {
  const answered = all.filter((one) => one.phase === phase).sort((a, b) => a.ms - b.ms);
  const at = (share: number): number =>
    answered[Math.min(answered.length - 1, Math.floor(answered.length * share))]?.ms ?? 0;
  const failures: Record<string, number> = {};
  let bounded = 0;
  for (const { name, outcome } of answered) {
    if (/^2/.test(outcome)) continue;
    if (outcome === '503+') bounded++;
    else failures[`${name}: ${outcome}`] = (failures[`${name}: ${outcome}`] ?? 0) + 1;
  }
  const last = answered.at(-1);
  return {
    count: answered.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    longestMs: last?.ms ?? 0,
    slowest: last?.name ?? '',
    bounded,
    failures,
  };
}

/** The thread itself. */
function callAgainAndAgain(): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const answered: Answered[] = [];
  const missing = new Set<Promise<void>>();
  let phase: Phase = 'before';
  let timer: NodeJS.Timeout | undefined;
  parentPort!.on('message', (message: Message) => {
    if ('phase' in message) phase = message.phase;
    else if ('end' in message) void end();
    else begin(message);
  });

  function begin({ port, calls, everyMs }: Extract<Message, { port: number }>): void {
    let made = 0;
    const beganAt = performance.now();
    timer = setInterval(() => {
      // The calls that are due by now: a timer that is late makes up for it.
      for (; beganAt + made * everyMs <= performance.now(); made++) {
        const call = calls[made % calls.length]!;
        const dueAt = beganAt + made * everyMs;
        const inPhase = phase;
        const done = outcomeOf(port, call, agent).then((outcome) => {
          answered.push({ name: call.name, phase: inPhase, ms: performance.now() - dueAt, outcome });
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
    parentPort!.postMessage(answered);
  }
}

function outcomeOf(port: number, { method, path, token, body }: Call, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const asked = request({
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
    asked.on('timeout', () => asked.destroy(new Error('no answer in 30 s')));
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.on('response', (answer) => {
      answer.on('error', (error) => resolve(error.message));
      answer.on('end', () => resolve(`${answer.statusCode}${answer.headers['retry-after'] === undefined ? '' : '+'}`));
      answer.resume();
    });
    asked.end(text);
  });
}

if (parentPort) callAgainAndAgain();
