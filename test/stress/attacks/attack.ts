import type { Service } from '../../bench/service.js';
import type { Call } from '../others.js';
import type { Scene } from '../scene.js';

/** Something that one sender, or one part of the surroundings, does to the service. */
export interface Attack {
  name: string;
  /** What it does, in a few words. */
  sentence: string;
  /** Prepares what must be there before the instance that is attacked starts. */
  prepare?: () => Promise<Surroundings>;
  /** What the others also do meanwhile, beside the work of every day. */
  alsoMeasured?: (scene: Scene) => Call[];
  /** Begins, and answers when the attack is under way. */
  begin: (scene: Scene, service: Service) => Promise<Underway>;
}

/** What stands around the service during an attack. */
export interface Surroundings {
  /** The settings with which the service starts there. */
  settings: NodeJS.ProcessEnv;
  remove: () => void;
}

/** An attack that has begun. */
export interface Underway {
  /** What the attacker got so far, in a few words. */
  soFar: () => string;
  /** Lets everything go. */
  end: () => Promise<void>;
}
