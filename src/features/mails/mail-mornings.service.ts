import { Injectable } from '@nestjs/common';
import { morningAgain } from '../../domain/morning.js';
import { Database } from '../../platform/database/database.js';
import { idBeforeAll } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { MailListStore } from './mail-list.store.js';

const pieceSize = 1_000;

/** Moves waiting mails to the right morning after time zone rules have changed. */
@Injectable()
export class MailMornings {
  constructor(
    private readonly store: MailListStore,
    private readonly mails: MailQueue,
    private readonly database: Database,
  ) {}

  /** Checks all waiting mails piece by piece. Returns the number of mails that it moved. */
  async recheck(now: Date): Promise<number> {
    let moved = 0;
    let afterId = idBeforeAll;
    for (;;) {
      const piece = await this.database.read((tx) => this.store.waiting(tx, now, { afterId, limit: pieceSize }));
      const moves = piece
        .map(({ id, leavesAt, timeZone }) => ({ id, before: leavesAt, leavesAt: morningAgain(leavesAt, timeZone) }))
        .filter(({ before, leavesAt }) => leavesAt.getTime() !== before.getTime());
      if (moves.length > 0) moved += await this.database.write((tx) => this.mails.moveDepartures(tx, moves));
      if (piece.length < pieceSize) return moved;
      afterId = piece.at(-1)!.id;
    }
  }
}
