import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/transaction.js';
import type { MailServerAnswer } from './mail-server.dto.js';
import { mailServerState } from './mail-server.store.js';

/** The state of the mail server, shared by all instances. */
@Injectable()
export class MailServer {
  /** False while mails wait because the server does not answer. */
  async state(tx: Transaction): Promise<MailServerAnswer> {
    const { failures, failingSince, lastError, probeAt } = await mailServerState(tx);
    return { answering: probeAt === null, failures, failingSince, lastError, tryAgainAt: probeAt };
  }
}
