import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { QueuedTermMail } from '../../platform/mail/mail.store.js';
import { UserService } from '../people/user.service.js';
import { ContractService } from './contract.service.js';

/**
 * Links from mails to pages of the console. Only a recipient who can sign in gets one: a link that leads to a page without
 * access helps nobody. It states no fact, so it may follow the users of the moment in which the mail is written.
 */
@Injectable()
export class ConsoleLinks {
  constructor(
    private readonly users: UserService,
    private readonly contracts: ContractService,
    private readonly config: Config,
  ) {}

  /** The page about the subscription of a mail; undefined if no active user who may see it has the recipient's address. */
  async linkFor(
    tx: Transaction,
    mail: Pick<QueuedTermMail, 'recipientRole' | 'recipientAddress' | 'subscriptionId'>,
  ): Promise<string | undefined> {
    const { recipientRole, recipientAddress, subscriptionId } = mail;
    const user = await this.users.activeWithEmail(tx, recipientAddress);
    if (!user) return undefined;
    const { publicUrl } = this.config;
    if (recipientRole !== 'customer') {
      return user.role === 'customer' ? undefined : `${publicUrl}/console/subscriptions/${subscriptionId}`;
    }
    const contract = (await this.contracts.load(tx, [subscriptionId])).get(subscriptionId);
    if (user.role !== 'customer' || user.customerId !== contract?.customerId) return undefined;
    return `${publicUrl}/console/own?subscriptionId=${subscriptionId}`;
  }
}
