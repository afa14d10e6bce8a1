import { dayAt, type Day } from '../../src/domain/calendar.js';
import { burnDown, paceOfTerm, plannedMinutes } from '../../src/domain/pace.js';
import type { MailFacts, StoredTerm } from '../../src/features/renewals/letters/mail-facts.js';
import type { BurnDown } from '../../src/features/balances/burn-down.picture.js';
import type { Language } from '../../src/domain/language.js';
import type { RecipientRole } from '../../src/platform/mail/mail.store.js';

type SampleRole = RecipientRole | 'reader' | 'portfolio' | 'user';

/** A sample mail as it is queued, without ids. */
export interface Sample {
  /** The name of the sample and of its files. */
  name: string;
  kind: string;
  /** A reader is a recipient of reports. `portfolio`: the CSM, in a mail about all subscriptions of the CSM. */
  role: SampleRole;
  queuedAt: string;
  facts: object;
}

type RenewalSample = Sample & { facts: MailFacts };

/** The recipients of the samples. */
export const recipients: Record<Language, Record<SampleRole, { name: string; address: string }>> = {
  en: {
    customer: { name: 'Emily Carter', address: 'emily.carter@customer.example' },
    csm: { name: 'Hanako Sato', address: 'sato@vendor.example' },
    operator: { name: '', address: 'operator@vendor.example' },
    reader: { name: 'Mika Tanaka', address: 'tanaka@vendor.example' },
    portfolio: { name: 'Hanako Sato', address: 'sato@vendor.example' },
    user: { name: 'Hanako Sato', address: 'sato@vendor.example' },
  },
  ja: {
    customer: { name: '山田 太郎', address: 'taro.yamada@customer.example' },
    csm: { name: '佐藤 花子', address: 'sato@vendor.example' },
    operator: { name: '', address: 'operator@vendor.example' },
    reader: { name: '田中 美香', address: 'tanaka@vendor.example' },
    portfolio: { name: '佐藤 花子', address: 'sato@vendor.example' },
    user: { name: '佐藤 花子', address: 'sato@vendor.example' },
  },
};

/** The minutes worked in each service month of the sample term. */
export const workedMinutes = [540, 960, 1260, 780, 300, 1140, 1320, 600, 330, 420, 660, 480];

/** The figures of the burn-down picture at the end of a day, for the months that have begun. */
export function burnDownOf(anchor: Day, number: number, asOf: Day): BurnDown {
  const plan = paceOfTerm({ anchor, number, baseMinutes: 11_520, additions: [], tolerancePercent: 10 });
  const used = plan.months
    .filter(({ startsOn }) => startsOn <= asOf)
    .map(({ month, startsOn }) => ({ workDate: startsOn, minutes: workedMinutes[month]! }));
  const usedMinutes = used.reduce((sum, { minutes }) => sum + minutes, 0);
  const day = asOf < plan.endsOn ? asOf : plan.endsOn;
  const planned = plannedMinutes(plan, day);
  return { months: burnDown(plan, used), grantedMinutes: 11_520, usedMinutes, plannedMinutes: planned, asOf: day };
}

/** Takes the hours of the mail's text from its picture, so that both show the same. */
function asPictured(sample: RenewalSample): Sample {
  const { term } = sample.facts;
  const { usedMinutes } = burnDownOf(term.anchorOn, term.number, dayAt(new Date(sample.queuedAt), term.timeZone));
  const isClosed = term.renewalState === 'renewed' || term.renewalState === 'ended';
  const remainingMinutes = isClosed ? 0 : term.grantedMinutes - usedMinutes;
  return { ...sample, facts: { ...sample.facts, term: { ...term, usedMinutes, remainingMinutes } } };
}

/** Premier from 2026-04-01; its last day for a notice, 2027-01-30, is a Saturday. */
const terms: Record<Language, StoredTerm> = {
  en: {
    number: 0,
    anchorOn: '2026-04-01',
    startsOn: '2026-04-01',
    endsOn: '2027-03-31',
    noticeDeadlineOn: '2027-01-30',
    renewalState: 'open',
    package: 'premier',
    renewsAs: { code: 'premier', version: '1' },
    grantedMinutes: 11_520,
    usedMinutes: 7_230,
    remainingMinutes: 4_290,
    lastSequence: 40,
    seatsInUse: 2,
    maxSeats: 2,
    identity: { contractNumber: null, customerCode: null, purchaseOrder: null, productLines: ['Database', 'Network'] },
    mailsBefore: 14,
    customerName: 'Carter & Sons Ltd.',
    timeZone: 'America/New_York',
    country: 'US',
    csmName: 'Hanako Sato',
    csmEmail: 'sato@vendor.example',
  },
  ja: {
    number: 0,
    anchorOn: '2026-04-01',
    startsOn: '2026-04-01',
    endsOn: '2027-03-31',
    noticeDeadlineOn: '2027-01-30',
    renewalState: 'open',
    package: 'premier',
    renewsAs: { code: 'premier', version: '1' },
    grantedMinutes: 11_520,
    usedMinutes: 7_230,
    remainingMinutes: 4_290,
    lastSequence: 40,
    seatsInUse: 2,
    maxSeats: 2,
    identity: {
      contractNumber: null,
      customerCode: null,
      purchaseOrder: null,
      productLines: ['データベース', 'ネットワーク'],
    },
    mailsBefore: 14,
    customerName: '株式会社あおい',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    csmName: '佐藤 花子',
    csmEmail: 'sato@vendor.example',
  },
};

const noticeId = '01a0b5c2-7d3e-7f10-9a4b-3c5d6e7f8a91';

const signers = {
  en: { customer: 'Emily Carter', provider: 'Hanako Sato', consultant: 'Ken Suzuki', line: 'Database' },
  ja: { customer: '山田 太郎', provider: '佐藤 花子', consultant: '鈴木 健', line: 'データベース' },
};

/** Every mail about a renewal, in every variant. */
export function renewalSamples(language: Language): Sample[] {
  const { customer, provider, consultant, line } = signers[language];
  const of = (term: Partial<StoredTerm>, added: Omit<MailFacts, 'term'> = {}): MailFacts => ({
    term: { ...terms[language], ...term },
    ...added,
  });
  const standIn = { name: language === 'ja' ? '鈴木 健' : 'Ken Suzuki', email: 'suzuki@vendor.example', locale: null };
  const standIns = [{ ...standIn, until: '2027-01-08' }];
  const received = '2027-01-20T02:15:00Z';
  const receivedLate = '2027-02-08T05:00:00Z';
  const notice = { id: noticeId, party: 'customer', signedBy: customer, receivedAt: received, reason: null } as const;
  const withdrawal = {
    id: noticeId,
    party: 'customer',
    receivedAt: received,
    withdrawnAt: '2027-01-25T00:40:00Z',
    signedBy: customer,
    otherPartySignedBy: null,
  } as const;
  const agreed = { ...withdrawal, withdrawnAt: '2027-02-15T00:40:00Z', otherPartySignedBy: provider };
  const turn = {
    packageBefore: { code: 'premier', version: '1' },
    packageAfter: { code: 'premier', version: '1' },
    next: {
      termId: '01990000-0000-7000-8000-000000000009',
      number: 1,
      startsOn: '2027-04-01',
      endsOn: '2028-03-31',
      noticeDeadlineOn: '2028-01-31',
    },
    expiredMinutes: 2_730,
    seatsDropped: 0,
    consultantsDropped: [],
    productLinesDropped: [],
  } as const;
  const smaller = {
    ...turn,
    packageAfter: { code: 'basic', version: '1' },
    seatsDropped: 1,
    consultantsDropped: [consultant],
    productLinesDropped: [line],
  } as const;
  const undelivered = [
    {
      ...recipients[language].customer,
      error: '550 5.1.1 The address is unknown here',
    },
    { name: language === 'ja' ? '高橋 実' : 'John Miller', address: 'old@customer.example', error: null },
  ];
  const failure = {
    mailId: '01a0b5c2-7d3e-7f10-9a4b-00000000000a',
    kind: 'renewal-reminder-75',
    subject: language === 'ja' ? '【TRM】契約更新のご案内' : '[TRM] Renewal of your subscription',
    ...recipients[language].customer,
    cause: 'refused',
    error: '550 5.1.1 The address is unknown here',
    attempts: 1,
    failedAt: '2027-01-15T00:00:04Z',
  } as const;
  const unwritten = { ...failure, subject: null, cause: 'unwritten', error: 'no such word', attempts: 0 } as const;
  // The deadline is a public holiday: 2027-07-19 in Japan, 2027-07-05 in the United States, because the 4th is a Sunday.
  const summer =
    language === 'ja'
      ? { anchorOn: '2026-09-18', startsOn: '2026-09-18', endsOn: '2027-09-17', noticeDeadlineOn: '2027-07-19' }
      : { anchorOn: '2026-09-04', startsOn: '2026-09-04', endsOn: '2027-09-03', noticeDeadlineOn: '2027-07-05' };
  const numbered = {
    ...terms[language].identity!,
    contractNumber: 'C-1047',
    customerCode: 'K-20',
    purchaseOrder: 'PO 4711',
  };
  const both = (name: string, kind: string, queuedAt: string, facts: MailFacts): RenewalSample[] => [
    { name, kind, role: 'customer', queuedAt, facts },
    { name: `${name}-csm`, kind, role: 'csm', queuedAt, facts },
  ];
  const customers = (name: string, kind: string, queuedAt: string, facts: MailFacts): RenewalSample[] =>
    both(name, kind, queuedAt, facts).slice(0, 1);
  const declined = { renewalState: 'declined' } as const;
  const locked = { renewalState: 'locked' } as const;
  const samples: RenewalSample[] = [
    ...both('reminder', 'renewal-reminder-90', '2026-12-31T00:00:00Z', of({})),
    ...customers('reminder-deputy', 'renewal-reminder-90', '2026-12-31T00:00:00Z', of({ standIns })),
    ...customers('reminder-holiday', 'renewal-reminder-75', '2027-07-04T00:00:00Z', of(summer)),
    ...customers(
      'reminder-smaller-package',
      'renewal-reminder-67',
      '2027-01-23T00:00:00Z',
      of({ noticeDeadlineOn: '2027-01-29', endsOn: '2027-03-30', renewsAs: { code: 'basic', version: '1' } }),
    ),
    ...customers('reminder-contract-number', 'renewal-reminder-75', '2027-01-15T00:00:00Z', of({ identity: numbered })),
    ...both('reminder-last-day', 'renewal-reminder-60', '2027-01-30T14:00:00Z', of({})),
    ...both('locked', 'renewal-locked', '2027-01-30T15:00:00Z', of(locked)),
    ...both('notice-recorded', 'notice-recorded', received, of(declined, { notice })),
    ...customers(
      'notice-recorded-of-provider',
      'notice-recorded',
      received,
      of(declined, { notice: { ...notice, party: 'provider', signedBy: provider } }),
    ),
    ...both(
      'notice-recorded-after-lock',
      'notice-recorded',
      receivedLate,
      of(declined, { notice, replacesLock: true }),
    ),
    ...both(
      'renewal-changed',
      'renewal-changed',
      receivedLate,
      of({ ...locked, renewsAs: { code: 'basic', version: '1' } }, { change: { before: turn.packageBefore } }),
    ),
    {
      name: 'next-package-dropped',
      kind: 'next-package-dropped',
      role: 'csm',
      queuedAt: received,
      facts: of({}, { change: { before: turn.packageBefore } }),
    },
    ...both(
      'notice-late',
      'notice-recorded',
      receivedLate,
      of(locked, { notice: { ...notice, receivedAt: receivedLate, reason: 'late' } }),
    ),
    ...customers(
      'notice-after-roll-over',
      'notice-recorded',
      '2027-04-05T01:00:00Z',
      of({ renewalState: 'renewed' }, { notice: { ...notice, reason: 'recorded-after-roll-over' } }),
    ),
    ...both('notice-withdrawn-open', 'notice-withdrawn', withdrawal.withdrawnAt, of({}, { withdrawal })),
    ...customers('notice-withdrawn-locked', 'notice-withdrawn', agreed.withdrawnAt, of(locked, { withdrawal: agreed })),
    ...customers('notice-withdrawn-declined', 'notice-withdrawn', withdrawal.withdrawnAt, of(declined, { withdrawal })),
    ...both(
      'notice-waived',
      'notice-waived',
      '2027-02-12T03:30:00Z',
      of(declined, {
        replacesLock: true,
        waiver: {
          id: noticeId,
          party: 'customer',
          receivedAt: receivedLate,
          waivedAt: '2027-02-12T03:30:00Z',
          customerSignedBy: customer,
          providerSignedBy: provider,
        },
      }),
    ),
    ...customers('renewed', 'term-renewed', '2027-03-31T15:00:00Z', of({ renewalState: 'renewed' }, { turn })),
    ...both(
      'renewed-smaller-package',
      'term-renewed',
      '2027-03-31T15:00:00Z',
      of({ renewalState: 'renewed' }, { turn: smaller }),
    ),
    ...both(
      'ended',
      'term-ended',
      '2027-03-31T15:00:00Z',
      of({ renewalState: 'ended' }, { turn: { ...turn, packageAfter: null, next: null, seatsDropped: 2 } }),
    ),
    {
      name: 'reminders-undelivered-csm',
      kind: 'reminders-undelivered',
      role: 'csm',
      queuedAt: '2027-01-30T15:00:00Z',
      facts: of(locked, { undelivered }),
    },
    {
      name: 'reminders-undelivered-operator',
      kind: 'reminders-undelivered',
      role: 'operator',
      queuedAt: '2027-01-30T15:00:00Z',
      facts: of(locked, { undelivered: [] }),
    },
    {
      name: 'undeliverable-csm',
      kind: 'mail-undeliverable',
      role: 'csm',
      queuedAt: '2027-01-15T00:00:05Z',
      facts: of({}, { failure }),
    },
    {
      name: 'undeliverable-operator',
      kind: 'mail-undeliverable',
      role: 'operator',
      queuedAt: '2027-01-15T00:00:05Z',
      facts: of({}, { failure: unwritten }),
    },
    {
      name: 'contact-missing',
      kind: 'renewal-contact-missing',
      role: 'csm',
      queuedAt: '2026-12-31T00:00:00Z',
      facts: of({}),
    },
    {
      name: 'locked-without-contact',
      kind: 'renewal-locked',
      role: 'csm',
      queuedAt: '2027-01-30T15:00:00Z',
      facts: of(locked, { withoutContact: true }),
    },
  ];
  return samples.map(asPictured);
}
