import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../domain/refusal.js';
import { makeDataDir } from '../settings/data-dir.js';
import { newId } from '../ids.js';
import type { SharedRoom } from '../load/shared-room.js';

/** Files on the disk come and go within minutes. */
const retryAfterSeconds = 60;

/** The folder of spools, the room that all spools share, and the person whose spool it is. */
export interface SpoolPlace {
  folder: string;
  room: SharedRoom;
  person: string;
}

/**
 * A file on the disk for the time of one request. It has no name, as it is unlinked as soon as it is open: so it goes with the
 * process however that ends, and nobody else can find it.
 */
export class Spool {
  #bytes = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly place: SpoolPlace,
  ) {}

  /** @throws Refusal `storage-full` */
  static async open(place: SpoolPlace): Promise<Spool> {
    return unlessFull(async () => {
      makeDataDir(place.folder);
      const path = join(place.folder, `spool-${newId()}`);
      const file = await open(path, 'wx+', 0o600);
      try {
        await unlink(path);
      } catch (error) {
        await file.close();
        throw error;
      }
      return new Spool(file, place);
    });
  }

  /**
   * Appends to the file.
   * @throws Refusal `imports-busy` where the room that all spools share is used up, `storage-full`
   */
  async write(bytes: Buffer): Promise<void> {
    const { room, person } = this.place;
    if (!room.take(person, bytes.length)) throw new Refusal('imports-busy', {}, { retryAfterSeconds });
    this.#bytes += bytes.length;
    await unlessFull(() => this.file.writeFile(bytes));
  }

  /** Reads into a block; returns how many bytes there were from that position on, 0 at the end. */
  async read(block: Buffer, position: number): Promise<number> {
    return (await this.file.read(block, 0, block.length, position)).bytesRead;
  }

  /** Removes the file, and gives its room back. */
  async close(): Promise<void> {
    this.place.room.leave(this.place.person, this.#bytes);
    this.#bytes = 0;
    await this.file.close();
  }
}

async function unlessFull<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOSPC' || code === 'EDQUOT' ? new Refusal('storage-full', {}, { retryAfterSeconds }) : error;
  }
}
