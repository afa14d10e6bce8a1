import type { Portfolio, SimulatedSubscription } from '../portfolio.js';
import type { Random } from '../random.js';
import type { Tally } from '../tally.js';
import type { World } from '../world.js';

/** What actions use. */
export interface Scene {
  readonly world: World;
  readonly portfolio: Portfolio;
  readonly random: Random;
  readonly tally: Tally;
}

/**
 * Does something with a subscription: sends a request, applies it to the model, and compares the answer with the model. Returns a
 * line about it for the history; undefined if there was nothing to do.
 */
export type Action = (scene: Scene, subscription: SimulatedSubscription) => Promise<string | undefined>;
