import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { MailServerAnswer } from './mail-server.dto.js';
import { mailServerState } from './mail-server.store.js';

/** What all instances know of the mail server. */
@Injectable()
export class MailServer {
  /** Whether it answers; where it does not, mails wait. */
  async state(tx: Transaction): Promise<MailServerAnswer> {
    const { failures, failingSince, lastError, probeAt } = await mailServerState(tx);
    return { answering: probeAt === null, failures, failingSince, lastError, tryAgainAt: probeAt };
  }
}
