import type { OnApplicationBootstrap } from '@nestjs/common';

/**
 * What several rooms contribute to one piece of work or to one event. The room that owns it lists the contributions by name, in
 * their order; each room registers its own under these names in `onModuleInit`. So one list shows the whole work. The service does not
 * start if a contribution is missing.
 */
export class Contributions<Name extends string, Contribution> implements OnApplicationBootstrap {
  readonly #contributions = new Map<Name, Contribution>();

  constructor(private readonly names: readonly Name[]) {}

  /** @throws Error on a name that is not in the list or is already taken */
  register(name: Name, contribution: Contribution): void {
    if (!this.names.includes(name)) throw new Error(`${this.constructor.name} does not list ${name}`);
    if (this.#contributions.has(name)) throw new Error(`${name} is registered twice in ${this.constructor.name}`);
    this.#contributions.set(name, contribution);
  }

  /** @throws Error if it is not registered */
  get(name: Name): Contribution {
    const contribution = this.#contributions.get(name);
    if (contribution === undefined) throw new Error(`No room has registered ${name} in ${this.constructor.name}`);
    return contribution;
  }

  /**
   * All contributions, in the order of the list.
   * @throws Error if one is not registered
   */
  inOrder(): Contribution[] {
    return this.names.map((name) => this.get(name));
  }

  /** @throws Error if a contribution is missing, so that the start fails */
  onApplicationBootstrap(): void {
    this.inOrder();
  }
}
