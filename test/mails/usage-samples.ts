import { unknownIdentity } from '../../src/features/subscriptions/subscription-identity.js';
import type { UsageAlert } from '../../src/domain/alerts.js';
import { addDays, type Day } from '../../src/domain/calendar.js';
import { burnDown, forecast, pace, paceOfTerm, plannedMinutes } from '../../src/domain/pace.js';
import {
  alertKindPrefix,
  statementKindPrefix,
  type AlertFacts,
  topUpCancelledKind,
  topUpEnteredKind,
  type StatementFacts,
  type TopUpFacts,
  type UsageFacts,
} from '../../src/features/usage/usage-facts.js';
import type { Language } from '../../src/domain/language.js';
import type { RecipientRole } from '../../src/platform/mail/mail.store.js';
import { workedMinutes, type Sample } from './samples.js';

/** Premier from 2026-04-01. */
const plan = paceOfTerm({
  anchor: '2026-04-01',
  number: 0,
  baseMinutes: 11_520,
  additions: [],
  tolerancePercent: 10,
});

const lines = (...productLines: string[]) => ({ ...unknownIdentity, productLines });

const contract = {
  en: {
    customerName: 'Carter & Sons Ltd.',
    package: 'Premier',
    csmName: 'Hanako Sato',
    identity: lines('Database', 'Network'),
  },
  ja: {
    customerName: '株式会社あおい',
    package: 'プレミア',
    csmName: '佐藤 花子',
    identity: lines('データベース', 'ネットワーク'),
  },
};

/** The figures of the term at the end of a day. The last month's use makes up the difference to the total. */
function usedBy(on: Day, usedMinutes: number): Pick<UsageFacts, 'figures' | 'months'> {
  const months = plan.months.filter(({ startsOn }) => startsOn <= on);
  const worked = months.map(({ month, startsOn }) => ({ workDate: startsOn, minutes: workedMinutes[month]! }));
  const others = worked.slice(0, -1).reduce((sum, { minutes }) => sum + minutes, 0);
  worked.at(-1)!.minutes = usedMinutes - others;
  const remainingMinutes = 11_520 - usedMinutes;
  const recent = worked.slice(-3).reduce((sum, { minutes }) => sum + minutes, 0);
  return {
    months: burnDown(plan, worked),
    figures: {
      on,
      grantedMinutes: 11_520,
      usedMinutes,
      remainingMinutes,
      pace: pace(plan, usedMinutes, on),
      forecast: forecast({
        remainingMinutes,
        expiredMinutes: 0,
        usedMinutesInWindow: recent,
        windowDays: 90,
        on,
        endsOn: plan.endsOn,
      }),
    },
  };
}

/** Every mail about use, in every variant. */
export function usageSamples(language: Language): Sample[] {
  const shared = {
    ...contract[language],
    subscriptionId: '01a0b5c2-7d3e-7f10-9a4b-000000000002',
    startsOn: plan.startsOn,
    endsOn: plan.endsOn,
    csmEmail: 'sato@vendor.example',
  };
  const alert = (kind: UsageAlert, on: Day, usedMinutes: number, role: RecipientRole = 'customer'): Sample => {
    const facts: AlertFacts = { ...shared, ...usedBy(on, usedMinutes), alert: kind, customerTold: role === 'customer' };
    return sampleOf(`usage-${kind}`, `${alertKindPrefix}${kind}`, role, on, facts);
  };
  const copyOf = (sample: Sample): Sample => ({ ...sample, name: `${sample.name}-to-csm`, role: 'csm' });
  const fourFifths = alert('used-80', '2026-12-18', 9_240);
  const expiring = alert('expiring', '2026-12-31', 7_230);
  return [
    alert('used-50', '2026-09-25', 5_760, 'csm'),
    fourFifths,
    copyOf(fourFifths),
    alert('used-100', '2027-02-12', 11_520),
    alert('ahead', '2026-06-20', 2_700, 'csm'),
    alert('behind', '2026-08-29', 2_760, 'csm'),
    expiring,
    copyOf(expiring),
    ...topUpSamples(shared),
    statement(language, shared, 5),
    statement(language, shared, 12),
    statementOfNothing(shared),
  ];
}

/** A supplement with its copy for the CSM, a goodwill, and a cancellation. */
function topUpSamples(shared: Shared): Sample[] {
  const on = '2026-09-25';
  const facts: TopUpFacts = {
    ...shared,
    ...usedBy(on, 5_400),
    topUp: {
      kind: 'supplement',
      minutes: 600,
      effectiveOn: '2026-09-20',
      orderNumber: 'PO-88311',
      cancelledMinutes: null,
    },
  };
  const goodwill = { ...facts.topUp, kind: 'goodwill' as const, minutes: 90, orderNumber: null };
  return [
    sampleOf('top-up-supplement', topUpEnteredKind, 'customer', on, facts),
    sampleOf('top-up-supplement-to-csm', topUpEnteredKind, 'csm', on, facts),
    sampleOf('top-up-goodwill', topUpEnteredKind, 'customer', on, { ...facts, topUp: goodwill }),
    sampleOf('top-up-goodwill-to-csm', topUpEnteredKind, 'csm', on, { ...facts, topUp: goodwill }),
    sampleOf('top-up-cancelled', topUpCancelledKind, 'customer', on, {
      ...facts,
      topUp: { ...facts.topUp, cancelledMinutes: 480 },
    }),
  ];
}

type Shared = Omit<UsageFacts, 'figures' | 'months'>;

function statement(language: Language, shared: Shared, monthNumber: number): Sample {
  const month = plan.months[monthNumber - 1]!;
  const used = workedMinutes.slice(0, monthNumber).reduce((sum, minutes) => sum + minutes, 0);
  const base = statementFacts(shared, monthNumber, used);
  const [database, storage] = language === 'ja' ? ['データベース', 'ストレージ'] : ['Database', 'Storage'];
  const consultant = language === 'ja' ? '鈴木 健' : 'Ken Suzuki';
  const works =
    language === 'ja'
      ? [
          'プライマリークラスターのヘルスチェック',
          '来期のバージョンアップ計画に関する打ち合わせと、移行手順の確認、および注意点の整理と関係者への説明資料の作成',
        ]
      : [
          'Health check of the primary cluster',
          'Planning of the coming upgrade, with a review of the steps of the migration',
        ];
  const entries: StatementFacts['entries'] = [
    [2, database, 'remote', 100],
    [9, database, 'remote', 50],
    [15, storage, 'onsite', 80],
  ].map(([after, productLine, delivery, minutes], at) => ({
    workDate: addDays(month.startsOn, after as number),
    consultant,
    productLine: productLine as string,
    delivery: delivery as 'remote' | 'onsite',
    minutes: minutes as number,
    summary: works[at % 2]!,
  }));
  const more = base.monthUsedMinutes - 230;
  const facts: StatementFacts = {
    ...base,
    lines: [
      { productLine: database, delivery: 'remote', minutes: base.monthUsedMinutes - 80 },
      { productLine: storage, delivery: 'onsite', minutes: 80 },
    ],
    entries,
    more: { entries: 12, minutes: more },
    topUps: [
      { kind: 'supplement', minutes: 600, effectiveOn: '2026-05-11' },
      { kind: 'goodwill', minutes: 90, effectiveOn: '2026-06-02' },
    ],
    ...(monthNumber === 12 && {
      expiredMinutes: 11_520 - used,
      figures: { ...base.figures, remainingMinutes: 0, forecast: { exhaustedOn: null, expiringMinutes: 0 } },
    }),
  };
  const name = monthNumber === 12 ? 'usage-statement-last' : 'usage-statement';
  return sampleOf(name, `${statementKindPrefix}${monthNumber}`, 'customer', month.endsOn, facts);
}

function statementOfNothing(shared: Shared): Sample {
  const facts = { ...statementFacts(shared, 1, 0), onsite: { ...noOnsite }, seats: { used: 0, max: 1 } };
  return sampleOf('usage-statement-nothing', `${statementKindPrefix}1`, 'customer', '2026-04-30', facts);
}

const noOnsite = { capMinutes: 0, usedMinutes: 0, visitsUsed: 0, maxVisits: 0 };

function statementFacts(shared: Shared, monthNumber: number, usedMinutes: number): StatementFacts {
  const { startsOn, endsOn } = plan.months[monthNumber - 1]!;
  const { figures, months } = usedBy(endsOn, usedMinutes);
  return {
    ...shared,
    figures,
    months,
    monthNumber,
    month: { startsOn, endsOn },
    monthPlannedMinutes: plannedMinutes(plan, endsOn) - plannedMinutes(plan, addDays(startsOn, -1)),
    monthUsedMinutes: months[monthNumber - 1]!.usedMinutes,
    lines: [],
    entries: [],
    more: { entries: 0, minutes: 0 },
    onsite: { capMinutes: 2_880, usedMinutes: 480, visitsUsed: 1, maxVisits: 2 },
    seats: { used: 2, max: 2 },
    expiredMinutes: null,
  };
}

/** A sample that is queued at 09:00 in Tokyo on the day after `on`. */
function sampleOf(name: string, kind: string, role: RecipientRole, on: Day, facts: object): Sample {
  return { name, kind, role, queuedAt: `${addDays(on, 1)}T00:00:00Z`, facts };
}
