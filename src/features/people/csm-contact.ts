import type { Day } from '../../domain/calendar.js';
import { deputiesAt, type NamedDeputy } from '../../domain/deputy.js';
import type { Language } from '../../domain/language.js';

/** The CSM of a subscription as mails need it, with every deputy whom the CSM has named. */
export interface CsmContact {
  csmName: string;
  csmEmail: string;
  csmLocale: Language | null;
  csmZone: string | null;
  csmDeputies: readonly (NamedDeputy & { name: string; email: string; locale: Language | null })[];
}

/** A deputy who stands in when a mail leaves, as the mail stores it. */
export interface StandIn {
  name: string;
  email: string;
  locale: Language | null;
  /** The last day, in the zone of the CSM. */
  until: Day;
}

/** SQL: the columns of a `CsmContact`. The CSM is the row `u` of `users`. */
export const csmContactColumns = `u.name as "csmName", u.email as "csmEmail", u.locale as "csmLocale", u.time_zone as "csmZone",
  (select coalesce(json_agg(json_build_object('userId', d.user_id, 'from', d.from_on, 'to', d.to_on,
      'name', deputy.name, 'email', deputy.email, 'locale', deputy.locale) order by d.from_on, d.id), '[]')
    from deputies d join users deputy on deputy.id = d.user_id and deputy.active
    where d.csm_id = u.id and d.ended_at is null) as "csmDeputies"`;

/** The deputies who stand in when a mail leaves. */
export function standInsAt({ csmDeputies, csmZone }: CsmContact, leavesAt: Date, houseTimeZone: string): StandIn[] {
  return deputiesAt(csmDeputies, csmZone ?? houseTimeZone, leavesAt).map(({ name, email, locale, to }) => ({
    ...{ name, email, locale },
    until: to,
  }));
}

/** A recipient on the side of the CSM. Without a language, the mail is in that of the customer. */
export interface CsmRecipient {
  role: 'csm';
  name: string;
  address: string;
  locale: Language | null;
}

/** Who gets the CSM's own mails: the CSM, and the deputies of the day, so that nothing is missed. */
export const csmRecipients = (
  { csmName, csmEmail, csmLocale }: CsmContact,
  standIns: readonly StandIn[],
): CsmRecipient[] => [
  { role: 'csm', name: csmName, address: csmEmail, locale: csmLocale },
  ...standIns.map(({ name, email, locale }) => ({ role: 'csm' as const, name, address: email, locale })),
];
