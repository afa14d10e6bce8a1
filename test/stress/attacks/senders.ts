import { Agent, request } from 'node:http';

export interface Senders {
  /** The statuses of the answers so far, or errors of the connection. */
  outcomes: string[];
  end: () => Promise<void>;
}

/**
 * Senders that post one request after the other until they are ended, each without a pause. With `patient`, they wait as long as
 * `Retry-After` asks them to.
 */
export function postAgain(
  port: number,
  token: string | (() => string),
  count: number,
  next: (index: number) => { path: string; body?: unknown },
  { patient = false } = {},
): Senders {
  const agent = new Agent({ keepAlive: true });
  const outcomes: string[] = [];
  let ended = false;
  let made = 0;
  const send = async (): Promise<void> => {
    while (!ended) {
      const { path, body } = next(made++);
      const { outcome, retryAfterSeconds } = await post(
        port,
        path,
        typeof token === 'string' ? token : token(),
        agent,
        body,
      );
      outcomes.push(outcome);
      // A service that has ended, or that refuses connections, is not asked again at once.
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

/** How often there was each outcome, such as `201 × 40, 503 × 2`. */
export function statuses(outcomes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  if (counts.size === 0) return 'no answer';
  return [...counts].map(([outcome, count]) => `${outcome} × ${count}`).join(', ');
}

interface Posted {
  /** The status, or the error of the connection. */
  outcome: string;
  /** 0 where the answer asks for none. */
  retryAfterSeconds: number;
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

function post(port: number, path: string, token: string, agent: Agent, body: unknown): Promise<Posted> {
  return new Promise((resolve) => {
    const text = JSON.stringify(body ?? {});
    const asked = request({
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
    asked.on('error', failed);
    asked.on('response', (answer) => {
      const retryAfterSeconds = Number(answer.headers['retry-after'] ?? 0);
      answer.on('error', failed);
      answer.on('end', () => resolve({ outcome: String(answer.statusCode), retryAfterSeconds }));
      answer.resume();
    });
    asked.end(text);
  });
}
