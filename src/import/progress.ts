import type { CommandWords } from './words.js';

const barWidth = 30;
const redrawMs = 100;
/** In a log, an occasional line is enough. */
const lineMs = 10_000;

/** Shows the progress of an upload: a bar on a terminal, elsewhere an occasional line. */
export class Progress {
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #shown = '';

  constructor(
    private readonly bytes: number,
    private readonly output: NodeJS.WriteStream,
    private readonly say: CommandWords,
  ) {
    this.#timer = setInterval(() => this.#show(), output.isTTY ? redrawMs : lineMs);
    if (output.isTTY) this.#show();
  }

  sent(bytes: number): void {
    this.#sent = bytes;
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.output.isTTY) this.output.write('\r\x1b[K');
  }

  #show(): void {
    const share = this.bytes === 0 ? 1 : this.#sent / this.bytes;
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000);
    // The service books after it has checked the whole file, and answers at the end.
    const text =
      share < 1 ? this.say.sending(Math.floor(share * 100), megabytes(this.bytes)) : this.say.booking(seconds);
    if (!this.output.isTTY) {
      this.output.write(`${text}\n`);
      return;
    }
    const full = Math.round(share * barWidth);
    const line = `[${'█'.repeat(full)}${'░'.repeat(barWidth - full)}] ${text}`;
    if (line !== this.#shown) this.output.write(`\r\x1b[K${line}`);
    this.#shown = line;
  }
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
