import type { Language } from '../../src/domain/language.js';
import {
  logTimeKind,
  type ClosingWindow,
  type LogTimeFacts,
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
    sample('log-time', '2026-11-02', { windows: { rows: windows, more: 0 }, unlogged: { rows: unlogged, more: 4 } }),
    sample('log-time-window', '2026-11-01', { windows: { rows: windows.slice(0, 1), more: 0 }, unlogged: none }),
    sample('log-time-month', '2026-11-02', { windows: none, unlogged: { rows: unlogged, more: 0 } }),
  ];
}
