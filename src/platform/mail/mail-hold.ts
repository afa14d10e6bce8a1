import { realpathSync } from 'node:fs';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../clock.js';
import { Config } from '../settings/config.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import type { MailHoldAnswer } from './mail-hold.dto.js';
import {
  identityChanges,
  publicAddressOf,
  type HoldReason,
  type ServiceIdentity,
} from '../database/service-identity.js';
import {
  acceptIdentity,
  completeIdentity,
  findIdentity,
  holdMails,
  identityOfDatabase,
  lockIdentity,
} from '../database/service-identity.store.js';

const reasonsInWords: Readonly<Record<HoldReason, string>> = {
  administrator: 'an administrator holds them',
  'other-cluster': 'this database looks like a copy, on another PostgreSQL cluster',
  'other-database': 'this database looks like a copy, as another database',
  'other-address': 'this database looks like a copy, with another public address',
  'other-folder': 'this database looks like a copy, in another data folder',
};

/**
 * Holds all mails while `MAIL_HOLD` is on, or if the database looks like a copy: a restored dump would mail real
 * customers. Each start of the service compares identities before any job runs. The hold is stored in the database
 * and applies to all instances until an administrator releases the mails. The release stores the present identity as
 * the right one.
 */
@Injectable()
export class MailHold implements OnModuleInit {
  readonly #logger = new Logger('Mails');

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const reasons = await this.database.write((tx) => this.#compare(tx));
    if (reasons.length === 0) return;
    const found = reasons.map((reason) => reasonsInWords[reason]).join('; ');
    this.#logger.warn(
      `Mails are held: ${found}. Nothing is delivered until an administrator sends POST /v1/mails/release.`,
    );
  }

  async isHeld(tx: Transaction): Promise<boolean> {
    return this.config.mailHold || ((await findIdentity(tx))?.heldSince ?? null) !== null;
  }

  async state(tx: Transaction): Promise<MailHoldAnswer> {
    const kept = await findIdentity(tx);
    const reasons = [...(this.config.mailHold ? ['setting' as const] : []), ...(kept?.heldBecause ?? [])];
    return { held: reasons.length > 0, since: kept?.heldSince ?? null, reasons };
  }

  /** Holds all mails until an administrator releases them. */
  async hold(tx: Transaction): Promise<MailHoldAnswer> {
    const now = this.clock.now();
    const { heldSince, heldBecause } = await lockIdentity(tx, await this.#present(tx), now);
    await holdMails(tx, [...new Set([...heldBecause, 'administrator' as const])], heldSince ?? now);
    return this.state(tx);
  }

  /**
   * Releases held mails. Changes nothing if they are not held.
   * @throws Refusal `mails-held-by-setting`
   */
  async release(tx: Transaction, userId: string): Promise<MailHoldAnswer> {
    if (this.config.mailHold) throw new Refusal('mails-held-by-setting');
    const now = this.clock.now();
    const present = await this.#present(tx);
    const { heldSince } = await lockIdentity(tx, present, now);
    if (heldSince) await acceptIdentity(tx, present, { userId, at: now });
    return this.state(tx);
  }

  /** Compares the present identity with the stored one, and returns why mails are held. */
  async #compare(tx: Transaction): Promise<readonly HoldReason[]> {
    const now = this.clock.now();
    const present = await this.#present(tx);
    const kept = await lockIdentity(tx, present, now);
    const changes = identityChanges(kept, present);
    if (changes.length === 0) {
      await completeIdentity(tx, present);
      return kept.heldBecause;
    }
    const because = [...new Set([...kept.heldBecause, ...changes])];
    await holdMails(tx, because, kept.heldSince ?? now);
    return because;
  }

  async #present(tx: Transaction): Promise<ServiceIdentity> {
    const { databaseUrl, dataDir, publicUrl } = this.config;
    return {
      ...(await identityOfDatabase(tx)),
      publicAddress: publicAddressOf(publicUrl),
      dataFolder: databaseUrl === undefined ? realpathSync(dataDir) : null,
    };
  }
}
