import type { CsmContact } from '../people/csm-contact.js';
import type { SubscriptionIdentity } from '../subscriptions/subscription-identity.js';
import type { RecipientRole } from '../../platform/mail/mail.store.js';
import type { Language } from '../../domain/language.js';

/** The people around a term who may get mails about its use. */
export interface UsageAudience extends SubscriptionIdentity, CsmContact {
  termId: string;
  customerName: string;
  locale: Language;
  contacts: { name: string; email: string; roles: string[] }[];
}

export interface UsageRecipient {
  role: RecipientRole;
  name: string;
  address: string;
  /** Null or absent: the language of the customer. */
  locale?: Language | null;
}

/** The customer's contacts for usage (§2). */
export function usageContacts({ contacts }: UsageAudience): UsageRecipient[] {
  return contacts
    .filter(({ roles }) => roles.includes('usage'))
    .map(({ name, email }) => ({ role: 'customer', name, address: email }));
}
