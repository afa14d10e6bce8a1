import type { Language } from '../../src/domain/language.js';
import { handOverKind, type HandOverFacts } from '../../src/features/subscriptions/hand-over.mail.js';
import type { Sample } from './samples.js';

const people = {
  en: {
    sato: 'Hanako Sato',
    suzuki: 'Ken Suzuki',
    by: 'Mika Tanaka',
    customers: ['Carter & Sons Ltd.', 'Northwind Foods'],
  },
  ja: { sato: '佐藤 花子', suzuki: '鈴木 健', by: '田中 美香', customers: ['株式会社あおい', 'みどり食品株式会社'] },
} as const;

/** The mails to the new and to the old CSM about a hand-over. The samples have one recipient, Hanako Sato. */
export function handOverSamples(language: Language): Sample[] {
  const { by, customers, ...names } = people[language];
  const sato = { name: names.sato, email: 'sato@vendor.example' };
  const suzuki = { name: names.suzuki, email: 'suzuki@vendor.example' };
  const ids = {
    subscriptionId: '01a0b5c2-7d3e-7f10-9a4b-000000000002',
    customerId: '01a0b5c2-7d3e-7f10-9a4b-000000000006',
  };
  const facts: Pick<HandOverFacts, 'by' | 'subscriptions'> = {
    by,
    subscriptions: [
      {
        ...{ ...ids, customer: customers[0], contractNumber: 'C-1047', package: 'premier' },
        ...{ noticeDeadline: '2027-01-30', endsOn: '2027-03-31' },
      },
      {
        ...{ ...ids, customer: customers[1], contractNumber: null, package: 'basic' },
        ...{ noticeDeadline: '2027-05-01', endsOn: '2027-06-30' },
      },
    ],
  };
  return [true, false].map((isNewCsm) => ({
    name: isNewCsm ? 'hand-over-to-new-csm' : 'hand-over-to-old-csm',
    kind: handOverKind,
    role: 'portfolio',
    queuedAt: '2026-11-02T00:00:00Z',
    facts: { ...facts, ...(isNewCsm ? { from: suzuki, to: sato } : { from: sato, to: suzuki }), isNewCsm },
  }));
}
