import { parseArgs } from 'node:util';

export interface Options {
  /** How long each attack lasts. */
  seconds: number;
  /** The attacks to run, by name; without one, every attack. */
  only: readonly string[];
}

/** The text of `--help`. */
export const usageOf = (
  attacks: readonly { name: string; sentence: string }[],
): string => `Attacks a service on this machine and measures the waiting times and errors of its other users.

  npm run stress -- [--seconds 8] [--only "a locked row"]

  --seconds  how long each attack lasts, 1 to 20                       (8)
  --only     the name of an attack to run; may be repeated             (all)
  --help     shows this

The attacks:
${attacks.map(({ name, sentence }) => `  ${name.padEnd(26)}${sentence}`).join('\n')}

Each attack runs against a service that has just started, on its own PostgreSQL. The exit code is 1 if another user waited more than
a second or got an error other than 503 with Retry-After, or if the attacked service did not stop in time.`;

/** An invalid option; the message is a sentence. */
export class WrongOption extends Error {}

/**
 * Reads the command line; undefined for `--help`.
 * @throws WrongOption
 */
export function readOptions(args: readonly string[], names: readonly string[]): Options | undefined {
  const { seconds, only, help } = parsed(args);
  if (help) return undefined;
  const number = Number(seconds);
  if (!/^\d+$/.test(seconds) || number < 1 || number > 20) {
    throw new WrongOption(`--seconds is a whole number from 1 to 20, not “${seconds}”`);
  }
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new WrongOption(`There is no attack “${unknown}”`);
  return { seconds: number, only: only.length === 0 ? names : only };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '8' },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new WrongOption((error as Error).message.split('. ')[0]);
  }
}
