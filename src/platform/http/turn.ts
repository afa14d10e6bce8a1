import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The latest change that was requested on each connection. */
const latest = new WeakMap<Socket, Turn>();

/**
 * The turn of a request among the changes on its connection. A client may send a request before the answers to earlier ones. The
 * token, the rate limit and the body of each are then checked side by side, and a later request could overtake an earlier one.
 */
export class Turn {
  #isOver = false;
  readonly #over: Promise<void>;
  #end!: () => void;

  /** `before`: the end of the turn before this one; undefined if it is over. */
  private constructor(private readonly before: Promise<void> | undefined) {
    this.#over = new Promise((resolve) => {
      this.#end = () => {
        this.#isOver = true;
        resolve();
      };
    });
  }

  /** Call it for each change as soon as its headers have arrived. The turn is over with the answer at the latest. */
  static next(socket: Socket, response: ServerResponse): Turn {
    const before = latest.get(socket);
    const turn = new Turn(before === undefined || before.#isOver ? undefined : before.#over);
    latest.set(socket, turn);
    response.once('close', turn.#end);
    return turn;
  }

  /** Calls `act` when the turns of all earlier changes are over, and then ends this one: `act` must queue its work before it waits. */
  async take<T>(act: () => Promise<T>): Promise<T> {
    await this.before;
    const acting = act();
    this.#end();
    return acting;
  }
}
