import type { Portfolio, Subject } from '../portfolio.js';
import type { Random } from '../random.js';
import type { Tally } from '../tally.js';
import type { World } from '../world.js';

/** What somebody who does something has at hand. */
export interface Scene {
  readonly world: World;
  readonly portfolio: Portfolio;
  readonly random: Random;
  readonly tally: Tally;
}

/**
 * Something that somebody does with a subscription: asks the service, asks the model, and holds the answers against each
 * other. Returns what happened, in a line; nothing where there was nothing to do.
 */
export type Deed = (scene: Scene, subject: Subject) => Promise<string | undefined>;
