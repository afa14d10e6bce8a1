/** The one place that knows what time it is; everything about contracts asks it. Sockets, time-outs and rate limits do not. */
export abstract class Clock {
  abstract now(): Date;
}

/** The machine's own time. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** Stands still until it is advanced, so that a year of a contract can be played through in seconds. */
export class SimulatedClock extends Clock {
  #nowAt: Date;

  /** `keep` stores each new moment before anyone sees it, so that a restart never goes back behind it. */
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

  /** Moves on to `instant`. Throws a RangeError where that lies before now. */
  async advanceTo(instant: Date): Promise<void> {
    if (!(instant >= this.#nowAt)) {
      throw new RangeError(`Time does not run backwards: it is ${this.#nowAt.toISOString()}`);
    }
    await this.keep(instant);
    this.follow(instant);
  }

  /** Takes over a moment to which another instance has moved on. */
  follow(instant: Date): void {
    if (instant > this.#nowAt) this.#nowAt = new Date(instant);
  }
}
