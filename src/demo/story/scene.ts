import type { World } from '../world.js';

/** Something that happens on one day of the year. */
export interface Scene {
  /** The clock is advanced to this instant; in UTC. */
  at: string;
  title: string;
  play: (world: World) => Promise<void>;
}

/** The story holds only as long as the service does what it tells. */
export function expect(that: boolean, sentence: string): void {
  if (!that) throw new Error(`It is not so that ${sentence}.`);
}
