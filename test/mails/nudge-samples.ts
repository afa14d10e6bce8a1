import type { Language } from '../../src/domain/language.js';
import {
  logTimeKind,
  mondayDigestKind,
  type ClosingWindow,
  type DigestRow,
  type LogTimeFacts,
  type MondayDigestFacts,
  type NamedSubscription,
  type UnloggedMonth,
} from '../../src/features/nudges/nudge-facts.js';
import type { Sample } from './samples.js';

const portfolio = {
  en: [
    ['Carter & Sons Ltd.', 'Premier, contract C-1047'],
    ['Northwind Foods', 'Basic (Database)'],
    ['Helios Energy plc', 'Enterprise (Database, Network)'],
  ],
  ja: [
    ['株式会社あおい', 'プレミア（契約番号 C-1047）'],
    ['みどり食品株式会社', 'ベーシック（データベース）'],
    ['株式会社ひかりエナジー', 'エンタープライズ（データベース、ネットワーク）'],
  ],
} as const satisfies Record<Language, readonly (readonly [customerName: string, reference: string])[]>;

function named(language: Language, at: number): NamedSubscription {
  const [customerName, reference] = portfolio[language][at]!;
  return { subscriptionId: `01a0b5c2-7d3e-7f10-9a4b-00000000010${at}`, customerName, reference };
}

/** A reason of each kind. */
const reasons: readonly Pick<DigestRow, 'code' | 'figures'>[] = [
  { code: 'notice-deadline-near', figures: { noticeDeadline: '2027-01-30', days: 12 } },
  { code: 'reminder-undelivered', figures: { failedOn: '2027-01-15', noticeDeadline: '2027-01-30' } },
  { code: 'no-renewal-contact', figures: { noticeDeadline: '2027-01-30' } },
  { code: 'no-entry-for', figures: { days: 24, countedFromOn: '2026-12-25' } },
  { code: 'behind-plan', figures: { behindMinutes: 2_410, plannedMinutes: 9_240, usedMinutes: 6_830 } },
  {
    code: 'hours-will-expire',
    figures: { forecastDays: 90, expiringMinutes: 1_310, remainingMinutes: 4_690, endsOn: '2027-03-31' },
  },
  { code: 'month-closing-unlogged', figures: { month: '2026-12' } },
];

/** The first reason stands beside further ones of its subscription. */
function digest(
  name: string,
  shown: readonly Pick<DigestRow, 'code' | 'figures'>[],
  language: Language,
  more: number,
): Sample {
  const rows = shown.map((reason, at): DigestRow => {
    return { ...named(language, at % 3), ...reason, moreReasons: at === 0 ? 2 : 0 };
  });
  const facts: MondayDigestFacts = { monday: '2027-01-18', subscriptions: { rows, more } };
  return { name, kind: mondayDigestKind, role: 'portfolio', queuedAt: '2027-01-18T00:00:00Z', facts };
}

/** Every mail about a portfolio, in every variant. */
export function nudgeSamples(language: Language): Sample[] {
  const windows: ClosingWindow[] = [
    { ...named(language, 0), endsOn: '2026-10-25', lastDay: '2026-11-04', expiredMinutes: 750 },
    { ...named(language, 1), endsOn: '2026-10-26', lastDay: '2026-11-05', expiredMinutes: 60 },
  ];
  const unlogged: UnloggedMonth[] = [
    { ...named(language, 2), endsOn: '2027-03-31', isClosed: false, openMinutes: 15_360 },
    { ...named(language, 1), endsOn: '2026-10-26', isClosed: true, openMinutes: 60 },
  ];
  const none = { rows: [], more: 0 };
  const sample = (name: string, on: string, facts: Pick<LogTimeFacts, 'windows' | 'unlogged'>): Sample => ({
    name,
    kind: logTimeKind,
    role: 'portfolio',
    queuedAt: `${on}T00:00:00Z`,
    facts: { on, month: '2026-10', ...facts } satisfies LogTimeFacts,
  });
  return [
    digest('monday-digest', reasons, language, 0),
    digest('monday-digest-long', [...reasons, ...reasons, reasons[0]!], language, 27),
    sample('log-time', '2026-11-02', { windows: { rows: windows, more: 0 }, unlogged: { rows: unlogged, more: 4 } }),
    sample('log-time-window', '2026-11-01', { windows: { rows: windows.slice(0, 1), more: 0 }, unlogged: none }),
    sample('log-time-month', '2026-11-02', { windows: none, unlogged: { rows: unlogged, more: 0 } }),
  ];
}
