import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../domain/refusal.js';
import { makeDataDir } from '../settings/data-dir.js';
import { newId } from '../ids.js';
import type { SharedRoom } from '../load/shared-room.js';

/** Files on the disk come and go within minutes. */
const retryAfterSeconds = 60;

/** The folder for spool files, the space that all of them share, and the user of this one. */
export interface SpoolPlace {
  folder: string;
  room: SharedRoom;
  person: string;
}

/**
 * A file on disk for the time of one request. It is unlinked as soon as it is open: so it disappears when the process ends in any
 * way, and no other user can open it. Packages for temporary files keep the name until they clean up, which a killed process does
 * not do.
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
   * @throws Refusal `imports-busy` if the shared space is used up, `storage-full` if the disk is full
   */
  async write(bytes: Buffer): Promise<void> {
    const { room, person } = this.place;
    if (!room.take(person, bytes.length)) throw new Refusal('imports-busy', {}, { retryAfterSeconds });
    this.#bytes += bytes.length;
    await unlessFull(() => this.file.writeFile(bytes));
  }

  /** Reads into a block from a position; returns the number of bytes read, 0 at the end. */
  async read(block: Buffer, position: number): Promise<number> {
    return (await this.file.read(block, 0, block.length, position)).bytesRead;
  }

  /** Removes the file and frees its space. */
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
