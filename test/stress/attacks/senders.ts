import { Agent, request } from 'node:http';

export interface Senders {
  /** The statuses of the answers so far, and the errors of connections. */
  outcomes: string[];
  end: () => Promise<void>;
}

/** Starts clients that send one request after the other until `end`. With `patient`, they wait as long as `Retry-After` says. */
export function postRepeatedly(
  port: number,
  token: string | (() => string),
  count: number,
  next: (index: number) => { path: string; body?: unknown },
  { patient = false } = {},
): Senders {
  const agent = new Agent({ keepAlive: true });
  const outcomes: string[] = [];
  let ended = false;
  let sent = 0;
  const send = async (): Promise<void> => {
    while (!ended) {
      const { path, body } = next(sent++);
      const { outcome, retryAfterSeconds } = await post(
        port,
        path,
        typeof token === 'string' ? token : token(),
        agent,
        body,
      );
      outcomes.push(outcome);
      // A stopped service refuses connections at once, so this avoids a busy loop.
      if (!/^\d/.test(outcome)) await pause(0.1);
      else if (patient) await pause(retryAfterSeconds);
    }
  };
  const sending = Promise.all(Array.from({ length: count }, send));
  return {
    outcomes,
    end: async () => {
      ended = true;
      agent.destroy();
      await sending;
    },
  };
}

/** The number of each outcome, such as `201 × 40, 503 × 2`. */
export function statuses(outcomes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  if (counts.size === 0) return 'no answer yet';
  return [...counts].map(([outcome, count]) => `${outcome} × ${count}`).join(', ');
}

interface PostResult {
  /** The status, or the error of the connection. */
  outcome: string;
  /** 0 if the answer has no `Retry-After`. */
  retryAfterSeconds: number;
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

function post(port: number, path: string, token: string, agent: Agent, body: unknown): Promise<PostResult> {
  return new Promise((resolve) => {
    const text = JSON.stringify(body ?? {});
    const sent = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path,
      agent,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      },
    });
    const failed = (error: NodeJS.ErrnoException): void =>
      resolve({ outcome: error.code ?? error.message, retryAfterSeconds: 0 });
    sent.on('error', failed);
    sent.on('response', (answer) => {
      const retryAfterSeconds = Number(answer.headers['retry-after'] ?? 0);
      answer.on('error', failed);
      answer.on('end', () => resolve({ outcome: String(answer.statusCode), retryAfterSeconds }));
      answer.resume();
    });
    sent.end(text);
  });
}
