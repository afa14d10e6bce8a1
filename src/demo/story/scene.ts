import type { World } from '../world.js';

/** An event on one day of the year. */
export interface Scene {
  /** The instant to which the clock is advanced, in UTC. */
  at: string;
  title: string;
  play: (world: World) => Promise<void>;
}

/** Stops the demo if the service did not do what the story says. */
export function expect(that: boolean, sentence: string): void {
  if (!that) throw new Error(`This is not true: ${sentence}.`);
}
