/** The only source of the current time for everything about contracts. Sockets, time-outs and rate limits use the system's time. */
export abstract class Clock {
  abstract now(): Date;
}

/** The system's time. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** Stands still until it is advanced, so that a year of a contract can pass in seconds. */
export class SimulatedClock extends Clock {
  #nowAt: Date;

  /** `keep` stores each new moment before it becomes visible, so that a restart never goes back in time. */
  constructor(
    startsAt: Date,
    private readonly keep: (instant: Date) => Promise<void>,
  ) {
    super();
    this.#nowAt = startsAt;
  }

  now(): Date {
    return new Date(this.#nowAt);
  }

  /** Advances to `instant`. Throws a RangeError if that is in the past. */
  async advanceTo(instant: Date): Promise<void> {
    if (!(instant >= this.#nowAt)) {
      throw new RangeError(`The clock cannot go back. It is now ${this.#nowAt.toISOString()}`);
    }
    await this.keep(instant);
    this.follow(instant);
  }

  /** Adopts a later moment to which another instance has advanced. */
  follow(instant: Date): void {
    if (instant > this.#nowAt) this.#nowAt = new Date(instant);
  }
}
