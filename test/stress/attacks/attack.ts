import type { Service } from '../../bench/service.js';
import type { Call } from '../others.js';
import type { Scene } from '../scene.js';

/** An attack on the service, by a client or by a system on which the service depends. */
export interface Attack {
  name: string;
  /** A short description. */
  sentence: string;
  /** Runs before the attacked instance starts. */
  prepare?: () => Promise<Environment>;
  /** Additional requests of the other users. */
  alsoMeasured?: (scene: Scene) => Call[];
  /** Starts the attack, and returns when it is under way. */
  begin: (scene: Scene, service: Service) => Promise<Underway>;
}

/** The environment of the service during an attack. */
export interface Environment {
  /** The settings of the attacked instance. */
  settings: NodeJS.ProcessEnv;
  remove: () => void;
}

/** A running attack. */
export interface Underway {
  /** A short description of the attacker's results so far. */
  soFar: () => string;
  /** Ends the attack and releases its resources. */
  end: () => Promise<void>;
}
