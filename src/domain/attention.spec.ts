import fc from 'fast-check';
import IntlMessageFormat from 'intl-messageformat';
import { attentionTexts } from './attention-texts.js';
import {
  attention,
  attentionCodes,
  lastLateEntryOn,
  usedDaysNeededFrom,
  type AttentionCode,
  type AttentionFacts,
  type AttentionTerm,
  type UsedDay,
} from './attention.js';
import { addDays, addMonths, daysBetween, monthOf, type Day } from './calendar.js';
import { forecast, forecastWindow, paceOfTerm, plannedMinutes } from './pace.js';

const rules = {
  reminderDays: [90, 75, 67, 60],
  lateEntryDays: 10,
  forecastDays: 90,
  paceTolerancePercent: 10,
  expiryAlertDays: 90,
  noticeNearDays: 30,
  noEntryDays: 21,
  behindPlanMonths: 1,
  plannedSessionGraceDays: 3,
  lateEntryClosingDays: 3,
};

const isWeekday = (day: Day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

/** Premier, 2026-04-01…2027-03-31, with 960 minutes a service month. Nothing needs attention on its first day. */
const term: AttentionTerm = {
  startsOn: '2026-04-01',
  endsOn: '2027-03-31',
  noticeDeadlineOn: '2027-01-30',
  renewalState: 'open',
  plan: paceOfTerm({ anchor: '2026-04-01', number: 0, baseMinutes: 11_520, additions: [], tolerancePercent: 10 }),
  grantedMinutes: 11_520,
  usedMinutes: 0,
  usedDays: [],
  maxVisits: 2,
  visitsUsed: 2,
  maxSeats: 2,
  seatsUsed: 2,
  allocations: { fromOn: '2026-04-01', productLineIds: ['database'] },
  enrolments: [{ productLineId: 'database', fromOn: '2026-04-01', untilOn: null }],
  hasRenewalContact: true,
  reminderFailedOn: null,
  downgrade: null,
  plannedSessions: [],
};

const contract: AttentionFacts = {
  startsOn: '2026-04-01',
  enteredOn: '2026-04-01',
  term,
  closedTerms: [],
  lastEntryOn: null,
  loggedLastMonth: true,
  closedThrough: null,
  isWorkingDay: isWeekday,
};

const ended = { ...contract, term: null };
const allUsed = { usedMinutes: 11_520, usedDays: [{ day: '2026-05-01', minutes: 11_520 }] };
/** 90 days before the end, 2026-12-31: 8,520 used, 3,000 left. From 2026-10-03 to that day, 3,000 were used. */
const steady = {
  usedMinutes: 8_520,
  usedDays: [
    { day: '2026-09-01', minutes: 5_520 },
    { day: '2026-10-20', minutes: 1_500 },
    { day: '2026-12-31', minutes: 1_500 },
  ],
};

/** The reason of a code on a day, if it holds. */
function reasonOn(
  today: Day,
  code: AttentionCode,
  ofTerm: Partial<AttentionTerm> = {},
  ofContract: Partial<AttentionFacts> = {},
) {
  const facts = { ...contract, term: { ...term, ...ofTerm }, ...ofContract };
  return attention(facts, today, rules).reasons.find((reason) => reason.code === code);
}

describe('the reasons of a subscription (§6)', () => {
  // prettier-ignore
  it.each<[AttentionCode, string, Day, Day | null, Partial<AttentionTerm>?, Partial<AttentionFacts>?]>([
    ['notice-deadline-near', 'the day before it',                  '2026-12-30', null],
    ['notice-deadline-near', '30 days before the deadline',        '2026-12-31', '2026-12-31'],
    ['notice-deadline-near', 'the deadline itself',                '2027-01-30', '2026-12-31'],
    ['notice-deadline-near', 'the day after the deadline',         '2027-01-31', null],
    ['notice-deadline-near', 'a declined renewal',                 '2027-01-15', null, { renewalState: 'declined' }],

    ['reminder-undelivered', 'none failed',                        '2027-01-05', null],
    ['reminder-undelivered', 'the day before it failed',           '2026-12-30', null, { reminderFailedOn: '2026-12-31' }],
    ['reminder-undelivered', 'the day on which it failed',         '2026-12-31', '2026-12-31', { reminderFailedOn: '2026-12-31' }],
    ['reminder-undelivered', 'also after the lock',                '2027-03-31', '2026-12-31', { reminderFailedOn: '2026-12-31', renewalState: 'locked' }],
    ['reminder-undelivered', 'not after the term',                 '2027-04-01', null, { reminderFailedOn: '2026-12-31', renewalState: 'locked' }],
    ['reminder-undelivered', 'not after a notice',                 '2027-01-05', null, { reminderFailedOn: '2026-12-31', renewalState: 'declined' }],

    ['no-renewal-contact', 'the day before the first reminder',    '2026-12-30', null, { hasRenewalContact: false }],
    ['no-renewal-contact', 'the day of the first reminder',        '2026-12-31', '2026-12-31', { hasRenewalContact: false }],
    ['no-renewal-contact', 'the day of the last reminder',         '2027-01-30', '2026-12-31', { hasRenewalContact: false }],
    ['no-renewal-contact', 'the day after the last reminder',      '2027-01-31', null, { hasRenewalContact: false }],
    ['no-renewal-contact', 'a declined renewal',                   '2027-01-05', null, { hasRenewalContact: false, renewalState: 'declined' }],

    ['no-entry-for', '20 days after the first day',                '2026-04-21', null],
    ['no-entry-for', '21 days after the first day',                '2026-04-22', '2026-04-22'],
    ['no-entry-for', '20 days after the last entry',               '2026-06-30', null, {}, { lastEntryOn: '2026-06-10' }],
    ['no-entry-for', '21 days after the last entry',               '2026-07-01', '2026-07-01', {}, { lastEntryOn: '2026-06-10' }],
    ['no-entry-for', 'last entry in the term before',              '2026-04-21', null, {}, { lastEntryOn: '2026-03-10' }],
    ['no-entry-for', 'a contract that was taken over',             '2026-08-21', null, {}, { enteredOn: '2026-08-01' }],
    ['no-entry-for', '21 days after a contract was taken over',    '2026-08-22', '2026-08-22', {}, { enteredOn: '2026-08-01' }],
    ['no-entry-for', 'no minutes left',                            '2026-08-22', null, allUsed],
    ['no-entry-for', 'the last day',                               '2027-03-31', '2026-04-22'],
    ['no-entry-for', 'after the term',                             '2027-04-01', null],

    ['behind-plan', 'exactly a service month',                     '2026-04-30', null],
    ['behind-plan', 'a day more',                                  '2026-05-01', '2026-05-01'],
    ['behind-plan', 'the present use moves the day',               '2026-06-30', null, { usedMinutes: 1_920 }],
    ['behind-plan', 'a day later',                                 '2026-07-01', '2026-07-01', { usedMinutes: 1_920 }],
    ['behind-plan', 'the day a contract was taken over',           '2026-08-01', null, {}, { enteredOn: '2026-08-01' }],
    ['behind-plan', 'the day after it was taken over',             '2026-08-02', '2026-08-02', {}, { enteredOn: '2026-08-01' }],
    ['behind-plan', 'after the term',                              '2027-04-01', null],

    ['hours-will-expire', '91 days before the end',                '2026-12-30', null],
    ['hours-will-expire', '90 days before the end',                '2026-12-31', '2026-12-31'],
    ['hours-will-expire', 'use fits',                              '2026-12-31', null, steady],
    ['hours-will-expire', '96 minutes expire: the tolerance',      '2027-01-02', null, steady],
    ['hours-will-expire', '100 minutes expire',                    '2027-01-03', '2027-01-03', steady],
    ['hours-will-expire', 'to the end',                            '2027-03-31', '2027-01-03', steady],
    ['hours-will-expire', 'after the term',                        '2027-04-01', null, steady],
    ['hours-will-expire', 'no minutes left',                       '2027-02-01', null, allUsed],

    ['hours-nearly-used', 'one minute below four fifths',          '2026-09-01', null, { usedMinutes: 9_215, usedDays: [{ day: '2026-08-01', minutes: 9_215 }] }],
    ['hours-nearly-used', 'four fifths',                           '2026-09-01', '2026-08-01', { usedMinutes: 9_216, usedDays: [{ day: '2026-08-01', minutes: 9_216 }] }],
    ['hours-nearly-used', 'the day on which it was crossed',       '2026-09-01', '2026-08-02', { usedMinutes: 9_300, usedDays: [{ day: '2026-08-01', minutes: 9_215 }, { day: '2026-08-02', minutes: 1 }, { day: '2026-08-09', minutes: 84 }] }],
    ['hours-nearly-used', 'the last day',                          '2027-03-31', '2026-05-01', allUsed],
    ['hours-nearly-used', 'after the term',                        '2027-04-01', null, allUsed],

    ['allocation-missing', 'every line has a consultant',          '2026-04-01', null],
    ['allocation-missing', 'no set yet',                           '2026-04-01', '2026-04-01', { allocations: null }],
    ['allocation-missing', 'an empty set',                         '2026-06-15', '2026-06-15', { allocations: { fromOn: '2026-06-15', productLineIds: [] } }],
    ['allocation-missing', 'a line that joins later: before',      '2026-06-30', null, { enrolments: [...term.enrolments, { productLineId: 'network', fromOn: '2026-07-01', untilOn: '2026-10-01' }] }],
    ['allocation-missing', 'a line that joins later: from its day','2026-07-01', '2026-07-01', { enrolments: [...term.enrolments, { productLineId: 'network', fromOn: '2026-07-01', untilOn: '2026-10-01' }] }],
    ['allocation-missing', 'a line that has left',                 '2026-10-01', null, { enrolments: [...term.enrolments, { productLineId: 'network', fromOn: '2026-07-01', untilOn: '2026-10-01' }] }],
    ['allocation-missing', 'a later set leaves a line out',        '2026-08-10', '2026-08-05', { allocations: { fromOn: '2026-08-05', productLineIds: ['network'] } }],
    ['allocation-missing', 'after the term',                       '2027-04-01', null, { allocations: null }],

    ['visits-unused', 'too early',                                 '2026-12-30', null, { visitsUsed: 1 }],
    ['visits-unused', '90 days before the end',                    '2026-12-31', '2026-12-31', { visitsUsed: 1 }],
    ['visits-unused', 'the last day',                              '2027-03-31', '2026-12-31', { visitsUsed: 1 }],
    ['visits-unused', 'after the term',                            '2027-04-01', null, { visitsUsed: 1 }],
    ['visits-unused', 'all are used',                              '2026-12-31', null, { visitsUsed: 2 }],
    ['visits-unused', 'any number is allowed',                     '2026-12-31', null, { maxVisits: null, visitsUsed: 0 }],

    ['seats-unused', 'too early',                                  '2026-12-30', null, { seatsUsed: 0 }],
    ['seats-unused', '90 days before the end',                     '2026-12-31', '2026-12-31', { seatsUsed: 0 }],
    ['seats-unused', 'after the term',                             '2027-04-01', null, { seatsUsed: 0 }],
    ['seats-unused', 'all are held',                               '2026-12-31', null, { seatsUsed: 2 }],

    ['planned-session-overdue', '3 days after its day',            '2026-06-13', null, { plannedSessions: [{ plannedOn: '2026-06-10', minutes: 120 }] }],
    ['planned-session-overdue', '4 days after its day',            '2026-06-14', '2026-06-14', { plannedSessions: [{ plannedOn: '2026-06-10', minutes: 120 }] }],
    ['planned-session-overdue', 'the oldest of two',               '2026-06-20', '2026-06-14', { plannedSessions: [{ plannedOn: '2026-06-12', minutes: 60 }, { plannedOn: '2026-06-10', minutes: 120 }] }],
    ['planned-session-overdue', 'after the term',                  '2027-04-01', null, { plannedSessions: [{ plannedOn: '2026-06-10', minutes: 120 }] }],

    ['late-entry-window-closing', '4 days before it closes',       '2027-04-06', null, {}, { ...ended, closedTerms: [{ endsOn: '2027-03-31', expiredMinutes: 633 }] }],
    ['late-entry-window-closing', '3 days before it closes',       '2027-04-07', '2027-04-07', {}, { ...ended, closedTerms: [{ endsOn: '2027-03-31', expiredMinutes: 633 }] }],
    ['late-entry-window-closing', 'its last day',                  '2027-04-10', '2027-04-07', {}, { ...ended, closedTerms: [{ endsOn: '2027-03-31', expiredMinutes: 633 }] }],
    ['late-entry-window-closing', 'the day after',                 '2027-04-11', null, {}, { ...ended, closedTerms: [{ endsOn: '2027-03-31', expiredMinutes: 633 }] }],
    ['late-entry-window-closing', 'nothing expired',               '2027-04-08', null, {}, { ...ended, closedTerms: [{ endsOn: '2027-03-31', expiredMinutes: 0 }] }],
    ['late-entry-window-closing', 'taken over on 2026-08-01',      '2026-08-08', '2026-08-08', {}, { enteredOn: '2026-08-01', closedTerms: [{ endsOn: '2026-03-31', expiredMinutes: 5 }] }],

    ['month-closing-unlogged', 'the first working day, 2026-06-01','2026-06-01', '2026-06-01', {}, { loggedLastMonth: false }],
    ['month-closing-unlogged', 'a weekend comes first',            '2026-08-02', null, {}, { loggedLastMonth: false }],
    ['month-closing-unlogged', 'Monday, 2026-08-03',               '2026-08-03', '2026-08-03', {}, { loggedLastMonth: false }],
    ['month-closing-unlogged', 'the last day of the month',        '2026-08-31', '2026-08-03', {}, { loggedLastMonth: false }],
    ['month-closing-unlogged', 'an entry in the month',            '2026-08-03', null, {}, { loggedLastMonth: true }],
    ['month-closing-unlogged', 'closed by finance',                '2026-08-03', null, {}, { loggedLastMonth: false, closedThrough: '2026-07' }],
    ['month-closing-unlogged', 'the month before is closed',       '2026-08-03', '2026-08-03', {}, { loggedLastMonth: false, closedThrough: '2026-06' }],
    ['month-closing-unlogged', 'not all of the month was covered', '2026-08-03', null, {}, { loggedLastMonth: false, startsOn: '2026-07-02' }],
    ['month-closing-unlogged', 'entered after the month',          '2026-08-03', null, {}, { loggedLastMonth: false, enteredOn: '2026-08-01' }],

    ['locked-downgrade', 'still open',                             '2027-01-30', null, { downgrade: { from: 'premier', to: 'basic' } }],
    ['locked-downgrade', 'locked',                                 '2027-01-31', '2027-01-31', { downgrade: { from: 'premier', to: 'basic' }, renewalState: 'locked' }],
    ['locked-downgrade', 'the last day',                           '2027-03-31', '2027-01-31', { downgrade: { from: 'premier', to: 'basic' }, renewalState: 'locked' }],
    ['locked-downgrade', 'after the term',                         '2027-04-01', null, { downgrade: { from: 'premier', to: 'basic' }, renewalState: 'locked' }],
  ])('%s: %s, %s', (code, _, today, since, ofTerm = {}, ofContract = {}) => {
    expect(reasonOn(today, code, ofTerm, ofContract)?.since ?? null).toBe(since);
  });

  it('come gravest first, with their figures', () => {
    const facts = { ...contract, term: { ...term, seatsUsed: 1, hasRenewalContact: false } };
    expect(attention(facts, '2027-01-18', rules)).toEqual({
      reasons: [
        { code: 'notice-deadline-near', since: '2026-12-31', figures: { noticeDeadline: '2027-01-30', days: 12 } },
        { code: 'no-renewal-contact', since: '2026-12-31', figures: { noticeDeadline: '2027-01-30' } },
        { code: 'no-entry-for', since: '2026-04-22', figures: { days: 292, countedFromOn: '2026-04-01' } },
        {
          code: 'behind-plan',
          since: '2026-05-01',
          figures: { behindMinutes: 9_197, plannedMinutes: 9_197, usedMinutes: 0 },
        },
        {
          code: 'hours-will-expire',
          since: '2026-12-31',
          figures: { expiringMinutes: 11_520, remainingMinutes: 11_520, forecastDays: 90, endsOn: '2027-03-31' },
        },
        { code: 'seats-unused', since: '2026-12-31', figures: { unused: 1, maxSeats: 2, endsOn: '2027-03-31' } },
      ],
      nextChangeOn: '2027-01-31',
    });
  });

  it('add up what has the same code', () => {
    const plannedSessions = [
      { plannedOn: '2026-06-12', minutes: 60 },
      { plannedOn: '2026-06-10', minutes: 120 },
      { plannedOn: '2026-06-19', minutes: 30 },
    ];
    expect(reasonOn('2026-06-16', 'planned-session-overdue', { plannedSessions })?.figures).toEqual({
      sessions: 2,
      minutes: 180,
      plannedOn: '2026-06-10',
    });
    const closedTerms = [
      { endsOn: '2025-03-31', expiredMinutes: 5_000 },
      { endsOn: '2026-03-31', expiredMinutes: 760 },
    ];
    expect(reasonOn('2026-08-09', 'late-entry-window-closing', {}, { enteredOn: '2026-08-01', closedTerms })).toEqual({
      code: 'late-entry-window-closing',
      since: '2026-08-08',
      figures: { lastEntryOn: '2026-08-11', days: 2, expiredMinutes: 5_760 },
    });
  });

  it('are none for an ended subscription without a late-entry window, for ever', () => {
    expect(attention(ended, '2027-04-01', rules)).toEqual({ reasons: [], nextChangeOn: null });
  });
});

describe('the texts of the reasons', () => {
  const say = (code: AttentionCode, language: 'en' | 'ja', figures: Record<string, number | string>) =>
    new IntlMessageFormat(attentionTexts[code][language], language, undefined, { ignoreTag: true }).format(figures);
  type Part = ReturnType<IntlMessageFormat['getAst']>[number];
  /** The number of plain text in the parser of intl-messageformat. */
  const literal: Part['type'] = 0;
  /** The figures that a sentence uses. */
  const namesOf = (parts: readonly Part[]): string[] =>
    parts.flatMap((part) => {
      if (!('value' in part) || part.type === literal) return [];
      const inner = 'options' in part ? Object.values(part.options).flatMap(({ value }) => namesOf(value)) : [];
      return [part.value, ...inner];
    });
  const namesIn = (text: string) => [...new Set(namesOf(new IntlMessageFormat(text, 'en').getAst()))].sort();

  it.each(attentionCodes)('%s uses the same figures in both languages', (code) => {
    expect(namesIn(attentionTexts[code].ja)).toEqual(namesIn(attentionTexts[code].en));
  });

  it.each<[AttentionCode, Record<string, number | string>, string, string]>([
    [
      'notice-deadline-near',
      { noticeDeadline: '2027-01-30', days: 12 },
      'The last day for a notice is 2027-01-30, in 12 days.',
      '更新しない場合の通知期限は2027-01-30（あと 12 日）です。',
    ],
    [
      'notice-deadline-near',
      { noticeDeadline: '2027-01-30', days: 0 },
      'The last day for a notice is 2027-01-30, today.',
      '更新しない場合の通知期限は2027-01-30（本日）です。',
    ],
    [
      'allocation-missing',
      { allocations: 0, productLines: 0 },
      'The term has no allocation, so nobody can log time.',
      '時間配分が設定されていないため、作業を記録できません。',
    ],
    [
      'allocation-missing',
      { allocations: 1, productLines: 1 },
      '1 enrolled product line has no consultant.',
      'コンサルタントが割り当てられていない製品ラインが 1 件あります。',
    ],
  ])('%s: %j', (code, figures, en, ja) => {
    expect(say(code, 'en', figures)).toBe(en);
    expect(say(code, 'ja', figures)).toBe(ja);
  });
});

/** What a walk through the days knows: the facts without what depends on the day, and all entries. */
interface Walk {
  facts: Omit<AttentionFacts, 'loggedLastMonth' | 'lastEntryOn'> & { term: AttentionTerm };
  entries: readonly UsedDay[];
  startOn: Day;
}

/** The facts as the service reads them on a day: only as much use as the rules ask for. */
function factsOn({ facts, entries }: Walk, today: Day): AttentionFacts {
  const from = usedDaysNeededFrom(facts.term, today, rules);
  const lastMonth = monthOf(addMonths(`${monthOf(today)}-01`, -1));
  return {
    ...facts,
    lastEntryOn: entries.at(-1)?.day ?? null,
    loggedLastMonth: entries.some(({ day }) => monthOf(day) === lastMonth),
    term: { ...facts.term, usedDays: entries.filter(({ day }) => from !== undefined && day >= from) },
  };
}

/** Each rule as a plain question about one day. */
const holdsOn: Record<AttentionCode, (walk: Walk, today: Day) => boolean> = {
  'notice-deadline-near': ({ facts: { term: t } }, today) =>
    t.renewalState === 'open' && today >= addDays(t.noticeDeadlineOn, -30) && today <= t.noticeDeadlineOn,
  'reminder-undelivered': ({ facts: { term: t } }, today) =>
    (t.renewalState === 'open' || t.renewalState === 'locked') &&
    t.reminderFailedOn !== null &&
    t.reminderFailedOn <= today &&
    today <= t.endsOn,
  'no-renewal-contact': ({ facts: { term: t } }, today) =>
    t.renewalState === 'open' && !t.hasRenewalContact && today >= addDays(t.endsOn, -90) && today <= t.noticeDeadlineOn,
  'no-entry-for': ({ facts: { term: t, enteredOn }, entries }, today) => {
    const last = entries.at(-1)?.day ?? enteredOn;
    return t.usedMinutes < t.grantedMinutes && daysBetween(last, today) >= 21 && isLate(t, today, 21);
  },
  'behind-plan': ({ facts: { term: t, enteredOn } }, today) =>
    isJudged(t, enteredOn, today) && (plannedMinutes(t.plan, today) - t.usedMinutes) * 12 > t.grantedMinutes,
  'hours-will-expire': ({ facts: { term: t, enteredOn }, entries }, today) => {
    const { from, windowDays } = forecastWindow(t.startsOn, today, 90);
    const recent = entries.filter(({ day }) => from <= day && day <= today);
    const { expiringMinutes } = forecast({
      remainingMinutes: t.grantedMinutes - t.usedMinutes,
      expiredMinutes: 0,
      usedMinutesInWindow: recent.reduce((sum, { minutes }) => sum + minutes, 0),
      windowDays,
      on: today,
      endsOn: t.endsOn,
    });
    return isJudged(t, enteredOn, today) && today >= addDays(t.endsOn, -90) && expiringMinutes * 120 > t.grantedMinutes;
  },
  'hours-nearly-used': ({ facts: { term: t } }, today) =>
    t.usedMinutes * 100 >= t.grantedMinutes * 80 && today <= t.endsOn,
  'allocation-missing': ({ facts: { term: t } }, today) => {
    const { allocations } = t;
    if (today < t.startsOn || today > t.endsOn || (allocations && today < allocations.fromOn)) return false;
    if (!allocations || allocations.productLineIds.length === 0) return true;
    return t.enrolments.some(
      ({ productLineId, fromOn, untilOn }) =>
        !allocations.productLineIds.includes(productLineId) && fromOn <= today && (untilOn === null || today < untilOn),
    );
  },
  'visits-unused': ({ facts: { term: t } }, today) =>
    t.maxVisits !== null && t.visitsUsed < t.maxVisits && isNearEnd(t, today),
  'seats-unused': ({ facts: { term: t } }, today) => t.seatsUsed < t.maxSeats && isNearEnd(t, today),
  'planned-session-overdue': ({ facts: { term: t } }, today) =>
    today <= t.endsOn && t.plannedSessions.some(({ plannedOn }) => daysBetween(plannedOn, today) > 3),
  'late-entry-window-closing': ({ facts }, today) =>
    facts.closedTerms.some(({ endsOn, expiredMinutes }) => {
      const left = daysBetween(today, lastLateEntryOn(endsOn, facts.enteredOn, rules));
      return expiredMinutes > 0 && left >= 0 && left <= 3;
    }),
  'month-closing-unlogged': ({ facts, entries }, today) => {
    const monthStart = `${monthOf(today)}-01`;
    const lastStart = addMonths(monthStart, -1);
    const month = monthOf(lastStart);
    const workingDays = Array.from({ length: daysBetween(monthStart, today) + 1 }, (_, at) => addDays(monthStart, at));
    return (
      facts.term.usedMinutes < facts.term.grantedMinutes &&
      workingDays.some(isWeekday) &&
      today <= facts.term.endsOn &&
      facts.startsOn <= lastStart &&
      facts.enteredOn < monthStart &&
      (facts.closedThrough === null || month > facts.closedThrough) &&
      !entries.some(({ day }) => monthOf(day) === month)
    );
  },
  'locked-downgrade': ({ facts: { term: t } }, today) =>
    t.downgrade !== null && t.renewalState === 'locked' && today > t.noticeDeadlineOn && today <= t.endsOn,
};

const isLate = ({ startsOn, endsOn }: AttentionTerm, today: Day, days: number) =>
  daysBetween(startsOn, today) >= days && today <= endsOn;
const isNearEnd = ({ endsOn }: AttentionTerm, today: Day) => today >= addDays(endsOn, -90) && today <= endsOn;
const isJudged = ({ startsOn, endsOn }: AttentionTerm, enteredOn: Day, today: Day) =>
  today >= startsOn && today <= endsOn && (enteredOn <= startsOn || today > enteredOn);

/** A contract with any facts, from the day of its last entry. */
const walks = fc
  .record({
    offset: fc.integer({ min: 0, max: 800 }),
    number: fc.integer({ min: 0, max: 2 }),
    enteredAfter: fc.integer({ min: -400, max: 200 }),
    granted: fc.integer({ min: 1, max: 20_000 }),
    entries: fc.uniqueArray(
      fc.record({ after: fc.integer({ min: 0, max: 330 }), share: fc.integer({ min: 1, max: 400 }) }),
      { maxLength: 12, selector: ({ after }) => after },
    ),
    renewalState: fc.constantFrom('open' as const, 'locked' as const, 'declined' as const),
    failedAfter: fc.option(fc.integer({ min: 250, max: 330 })),
    hasRenewalContact: fc.boolean(),
    visitsUsed: fc.integer({ min: 0, max: 2 }),
    seatsUsed: fc.integer({ min: 0, max: 2 }),
    maxVisits: fc.constantFrom(null, 0, 2),
    isDowngraded: fc.boolean(),
    set: fc.option(
      fc.record({ after: fc.integer({ min: 0, max: 300 }), productLineIds: fc.subarray(['database', 'network']) }),
    ),
    enrolments: fc.array(
      fc.record({
        productLineId: fc.constantFrom('database', 'network'),
        after: fc.integer({ min: -50, max: 300 }),
        days: fc.option(fc.integer({ min: 1, max: 200 })),
      }),
      { maxLength: 3 },
    ),
    sessions: fc.array(fc.record({ after: fc.integer({ min: 0, max: 364 }), minutes: fc.constant(60) }), {
      maxLength: 3,
    }),
    expiredMinutes: fc.constantFrom(0, 10),
    closedMonthsAfter: fc.option(fc.integer({ min: 0, max: 14 })),
  })
  .map((drawn): Walk => {
    const anchor = addDays('2024-01-01', drawn.offset);
    const plan = paceOfTerm({
      anchor,
      number: drawn.number,
      baseMinutes: drawn.granted,
      additions: [],
      tolerancePercent: 10,
    });
    const { startsOn, endsOn } = plan;
    const after = (days: number): Day => addDays(startsOn, days);
    const entries = drawn.entries
      .map(({ after: days, share }) => ({ day: after(days), minutes: Math.floor((drawn.granted * share) / 1_000) }))
      .filter(({ minutes }) => minutes > 0)
      .sort((one, other) => (one.day < other.day ? -1 : 1))
      .reduce<UsedDay[]>((kept, entry) => {
        const used = kept.reduce((sum, { minutes }) => sum + minutes, entry.minutes);
        return used <= drawn.granted ? [...kept, entry] : kept;
      }, []);
    const term: AttentionTerm = {
      startsOn,
      endsOn,
      plan,
      noticeDeadlineOn: addDays(endsOn, -60),
      renewalState: drawn.renewalState,
      grantedMinutes: drawn.granted,
      usedMinutes: entries.reduce((sum, { minutes }) => sum + minutes, 0),
      usedDays: [],
      maxVisits: drawn.maxVisits,
      visitsUsed: drawn.visitsUsed,
      maxSeats: 2,
      seatsUsed: drawn.seatsUsed,
      allocations: drawn.set && { fromOn: after(drawn.set.after), productLineIds: drawn.set.productLineIds },
      enrolments: drawn.enrolments.map(({ productLineId, after: from, days }) => ({
        productLineId,
        fromOn: after(from),
        untilOn: days === null ? null : after(from + days),
      })),
      hasRenewalContact: drawn.hasRenewalContact,
      reminderFailedOn: drawn.failedAfter === null ? null : after(drawn.failedAfter),
      downgrade: drawn.isDowngraded ? { from: 'premier', to: 'basic' } : null,
      plannedSessions: drawn.sessions.map(({ after: days, minutes }) => ({ plannedOn: after(days), minutes })),
    };
    const facts = {
      startsOn: anchor,
      enteredOn: after(drawn.enteredAfter),
      term,
      closedTerms: [{ endsOn: addDays(startsOn, -1), expiredMinutes: drawn.expiredMinutes }],
      closedThrough:
        drawn.closedMonthsAfter === null ? null : monthOf(addMonths(startsOn, drawn.closedMonthsAfter - 1)),
      isWorkingDay: isWeekday,
    };
    const lastUsedOn = entries.at(-1)?.day ?? startsOn;
    return { facts, entries, startOn: facts.enteredOn > lastUsedOn ? facts.enteredOn : lastUsedOn };
  });

describe('attention while the clock moves day by day', () => {
  /** The answers of every day from the last change of the facts to two weeks after the term. */
  function answersOf(walk: Walk) {
    const days = Math.max(0, daysBetween(walk.startOn, walk.facts.term.endsOn)) + 14;
    return Array.from({ length: days }, (_, at) => {
      const today = addDays(walk.startOn, at);
      return { today, ...attention(factsOn(walk, today), today, rules) };
    });
  }

  it('each reason holds on exactly the days of its rule', () => {
    fc.assert(
      fc.property(walks, (walk) => {
        for (const { today, reasons } of answersOf(walk)) {
          expect({ today, codes: reasons.map(({ code }) => code) }).toEqual({
            today,
            codes: attentionCodes.filter((code) => holdsOn[code](walk, today)),
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('each reason appears on `since`, and keeps it until it disappears', () => {
    fc.assert(
      fc.property(walks, (walk) => {
        const answers = answersOf(walk);
        answers.forEach(({ today, reasons }, at) => {
          for (const { code, since } of reasons) {
            const before = answers[at - 1]?.reasons.find((reason) => reason.code === code);
            // Another month without an entry is another reason.
            if (before && code === 'month-closing-unlogged' && since === today) continue;
            if (before) expect({ code, since }).toEqual({ code, since: before.since });
            else if (at > 0) expect({ code, since }).toEqual({ code, since: today });
            else expect(since <= today).toBe(true);
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it('no code changes before `nextChangeOn`', () => {
    fc.assert(
      fc.property(walks, (walk) => {
        const answers = answersOf(walk);
        answers.forEach(({ today, reasons, nextChangeOn }, at) => {
          expect(nextChangeOn === null || nextChangeOn > today).toBe(true);
          const next = answers[at + 1];
          if (next && (nextChangeOn === null || next.today < nextChangeOn)) {
            expect(next.reasons.map(({ code }) => code)).toEqual(reasons.map(({ code }) => code));
          }
        });
      }),
      { numRuns: 40 },
    );
  });
});
