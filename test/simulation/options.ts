import { parseArgs } from 'node:util';

export interface Options {
  years: number;
  seed: number;
  subscriptions: number;
}

export const usage = `Plays years of a portfolio through the service, and checks all invariants after every step.

  npm run simulate -- [--years 10] [--seed 7] [--subscriptions 6]

  --years          how many years to play, 1 to 50                             (10)
  --seed           the seed of all random choices                              (7)
  --subscriptions  the number of active subscriptions, 1 to 500                (6)
  --help           shows this

Two runs with the same options do the same. A run uses its own PostgreSQL. Its exit code is 0 if no invariant was broken; it stops
with 1 at the first broken invariant.`;

/** An invalid option; the message is a sentence. */
export class WrongOption extends Error {}

/**
 * Reads the command line; undefined for `--help`.
 * @throws WrongOption
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const { years, seed, subscriptions, help } = parsed(args);
  if (help) return undefined;
  return {
    years: wholeNumber('--years', years, 1, 50),
    seed: wholeNumber('--seed', seed, 0, 4_294_967_295),
    subscriptions: wholeNumber('--subscriptions', subscriptions, 1, 500),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        years: { type: 'string', default: '10' },
        seed: { type: 'string', default: '7' },
        subscriptions: { type: 'string', default: '6' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new WrongOption((error as Error).message.split('. ')[0]);
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new WrongOption(`${option} is a whole number from ${least} to ${most}, not “${text}”`);
  }
  return number;
}
