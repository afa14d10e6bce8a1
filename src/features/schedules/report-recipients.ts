import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
import { CustomerService } from '../customers/customer.service.js';
import { UserService } from '../people/user.service.js';
import type { ReportRecipient } from './report-schedule.dto.js';
import type { ReportSchedule } from './report-schedule.store.js';
import { mayHaveSent } from './report-reading.js';
import type { UnreachedRoles } from './scheduled-report-facts.js';

/** The recipients of a report if it is sent now. */
export interface ReportAudience {
  /**
   * The addresses of the schedule. An address that also belongs to a contact with one of the roles is only in
   * `contacts`.
   */
  readers: readonly ReportRecipient[];
  /** The customer's contacts with one of the roles now. */
  contacts: readonly ReportRecipient[];
  /** The language of mails to contacts: the language of their customer. */
  contactLocale: Language;
  /** Null if every role reaches a contact. */
  unreached: UnreachedRoles | null;
}

/**
 * Finds the recipients of a report: the addresses of its schedule, and the contacts with the roles of the schedule
 * now (§12).
 */
@Injectable()
export class ReportRecipients {
  constructor(
    private readonly customers: CustomerService,
    private readonly users: UserService,
  ) {}

  /** Contacts get the report only while its owner may schedule it and see the customer. */
  async of(tx: Transaction, schedule: ReportSchedule): Promise<ReportAudience> {
    const { recipients, recipientRoles: roles, customerId, ownerId, report, locale } = schedule;
    if (customerId === null || roles.length === 0) {
      return { readers: recipients, contacts: [], contactLocale: locale, unreached: null };
    }
    const owner = await this.users.findWithRights(tx, ownerId);
    const customer =
      owner && mayHaveSent(report, owner)
        ? await this.customers.find(
            tx,
            { userId: owner.id, role: owner.role, customerId: null, deputyFor: owner.deputyFor },
            customerId,
          )
        : undefined;
    if (!customer) {
      const unreached = { roles, because: 'owner-lost-sight' } as const;
      return { readers: recipients, contacts: [], contactLocale: locale, unreached };
    }
    const contacts = customer.contacts.filter((contact) => roles.some((role) => contact.roles.includes(role)));
    const missing = roles.filter((role) => !contacts.some((contact) => contact.roles.includes(role)));
    return {
      readers: recipients.filter(({ email }) => !isAmong(contacts, email)),
      contacts: contacts.map(({ name, email }) => ({ name, email })),
      contactLocale: customer.locale,
      unreached: missing.length > 0 ? { roles: missing, because: 'no-contact' } : null,
    };
  }
}

/** Whether an address is in the list, ignoring case. */
export const isAmong = (recipients: readonly Pick<ReportRecipient, 'email'>[], address: string): boolean =>
  recipients.some(({ email }) => email.toLowerCase() === address.toLowerCase());
