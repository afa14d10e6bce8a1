/**
 * Steps that several rooms add to one piece of work. The room that owns the work lists the steps by name, in their order;
 * each room registers its steps under these names when the service starts. So the list shows the whole work at one place.
 */
export class OrderedSteps<Name extends string, Step> {
  readonly #steps = new Map<Name, Step>();

  constructor(private readonly names: readonly Name[]) {}

  /** @throws Error on a name that is not in the list or already has a step */
  register(name: Name, step: Step): void {
    if (!this.names.includes(name)) throw new Error(`The list of steps does not contain ${name}`);
    if (this.#steps.has(name)) throw new Error(`The step ${name} is registered twice`);
    this.#steps.set(name, step);
  }

  /**
   * All steps, in the order of the list.
   * @throws Error if a step of the list is not registered
   */
  inOrder(): Step[] {
    return this.names.map((name) => {
      const step = this.#steps.get(name);
      if (step === undefined) throw new Error(`No room has registered the step ${name}`);
      return step;
    });
  }
}
