import type { DemoAttention, DemoBalance, Identified } from '../answers.js';
import { counted, duration, good, remark, say } from '../printer.js';
import { entryOf, nameOf, path, subscriptionOf, type DemoPlannedWork, type World } from '../world.js';
import { asked, logged, type AllocationShown } from './hours.js';
import { tellAttention } from './portfolio.js';
import { expect, type Scene } from './scene.js';

/** Scenes about what comes next: planned sessions, minutes that are added to a term, and what a CSM expects of a renewal. */
export const plans: Scene[] = [
  {
    at: '2026-06-17T16:00:00Z',
    title: 'Sessions are planned every second Wednesday, but not on public holidays',
    async play(world) {
      const body = { ...entryOf(world, coaching), series: { everyWeeks: 2, until: '2026-07-15' } };
      const address = path(world, 'maple', '/planned-sessions');
      const { sessions, skipped } = await world.contracts.maple.csm.post<PlannedSeries>(address, body);
      const days = sessions.map((one) => one.plannedOn).join(' and ');
      const leftOut = skipped.map(({ day, holiday }) => `${day} is left out (${holiday})`).join(', ');
      good(`${nameOf('maple')}: ${duration(coaching.minutes)} planned on ${days}; ${leftOut}.`);
      await fulfil(world, coaching, sessions[0]!);
      good('This entry fulfils the session of the day. Planned minutes themselves use nothing up.');
    },
  },
  {
    at: '2026-07-20T14:00:00Z',
    title: 'A planned session without a time entry needs attention after three days',
    async play(world) {
      const { csm } = world.contracts.maple;
      say(`${nameOf('maple')} needs attention for these reasons:`);
      tellAttention(await csm.get<DemoAttention>(path(world, 'maple', '/attention')));
      const [overdue] = await csm.list<PlannedSession>(path(world, 'maple', '/planned-sessions'), {
        status: 'overdue',
      });
      await fulfil(world, coaching, overdue!);
      const { reasons } = await csm.get<DemoAttention>(path(world, 'maple', '/attention'));
      const isOverdue = reasons.some(({ code }) => code === 'planned-session-overdue');
      expect(!isOverdue, 'the session is no longer overdue');
      good('The hour was worked but not logged. Now that it is, the reason is gone.');
    },
  },
  {
    at: '2026-11-05T09:00:00Z',
    title: 'Hours given as goodwill',
    async play(world) {
      const before = (await subscriptionOf(world, 'deccan')).balance;
      const goodwill = { kind: 'goodwill', minutes: 300, reason: 'Our portal was down for two days' };
      const { balance } = await world.admin.post<TopUp>(path(world, 'deccan', '/top-ups'), goodwill);
      good(
        `${nameOf('deccan')}: an administrator gives ${duration(goodwill.minutes)} after an outage. ` +
          `${duration(before.remainingMinutes)} become ${duration(balance.remainingMinutes)} until the end of the term.`,
      );
    },
  },
  {
    at: '2026-11-16T15:00:00Z',
    title: 'A proposal for the hours that would expire',
    async play(world) {
      const address = path(world, 'maple', '/planned-sessions/proposal?dryRun=true');
      const proposal = await world.contracts.maple.csm.post<Proposal>(address, { everyWeeks: 2 });
      const { sessions, expiringMinutes } = proposal;
      const [first, last] = [sessions[0]!, sessions.at(-1)!];
      say(
        `${nameOf('maple')} would let ${duration(expiringMinutes)} expire. The preview spreads them over ` +
          `${counted(sessions.length, 'session')} of up to ${duration(first.minutes)}, from ${first.plannedOn} to ` +
          `${last.plannedOn} (?dryRun=true saves nothing).`,
      );
      const { csm } = world.contracts.maple;
      await csm.post(path(world, 'maple', '/planned-sessions'), entryOf(world, audit));
      good(`The customer has time for one of ${duration(audit.minutes)} on ${audit.plannedOn}, so it is planned.`);
    },
  },
  {
    at: '2026-12-10T02:00:00Z',
    title: 'What the CSM expects of a renewal',
    async play(world) {
      const outlook = {
        expectation: 'unsure',
        reason: 'The new head of IT wants to bring the work in-house',
        nextStep: 'Review of the year with Olivia Harris',
        nextStepOn: '2027-01-12',
      };
      await world.contracts.harbour.csm.put(path(world, 'harbour', '/outlook'), outlook);
      const { renewalState } = (await subscriptionOf(world, 'harbour')).currentTerm;
      good(`${nameOf('harbour')}: ${outlook.expectation}. ${outlook.reason}.`);
      remark(
        `Next step: ${outlook.nextStep}, ${outlook.nextStepOn}. The outlook changes nothing: the renewal is ${renewalState}.`,
      );
    },
  },
  {
    at: '2027-01-20T22:00:00Z',
    title: 'The session planned in November takes place',
    async play(world) {
      const { csm } = world.contracts.maple;
      const [planned] = await csm.list<PlannedSession>(path(world, 'maple', '/planned-sessions'), { status: 'open' });
      await fulfil(world, audit, planned!);
    },
  },
  {
    at: '2027-02-02T15:00:00Z',
    title: 'Hours that a customer buys during the term',
    async play(world) {
      const { csm } = world.contracts.hudson;
      const supplement = { kind: 'supplement', minutes: 1_200, orderNumber: 'HI-20441' };
      const { balance } = await csm.post<TopUp>(path(world, 'hudson', '/top-ups'), supplement);
      const { grantedMinutes, remainingMinutes } = balance;
      good(
        `${nameOf('hudson')}: ${duration(supplement.minutes)} on order ${supplement.orderNumber}. ` +
          `${duration(grantedMinutes)} granted, ${duration(remainingMinutes)} remain.`,
      );
      const address = path(world, 'hudson', '/allocations');
      const { allocations } = await csm.get<{ allocations: AllocationShown[] }>(address);
      const more = allocations.map((one, at) =>
        at === 2 ? { ...asked(one), minutes: one.minutes + 720 } : asked(one),
      );
      await csm.put(address, { allocations: more });
      good('Priya Raman gets 12 h of the added time.');
    },
  },
  {
    at: '2027-02-05T15:00:00Z',
    title: 'The order was for 12 hours only, so the rest is taken back',
    async play(world) {
      const [entered] = await world.admin.list<Identified>(path(world, 'hudson', '/top-ups'));
      const reason = { reason: 'The order is for 12 hours' };
      const address = `/v1/top-ups/${entered!.id}/cancellation`;
      const { cancellation, balance } = await world.admin.post<CancelledTopUp>(address, reason);
      expect(cancellation.minutes === 480, `8 h are taken back: they are ${duration(cancellation.minutes)}`);
      good(
        `An administrator cancels the supplement. Only what nobody needs goes: ${duration(cancellation.minutes)}. ` +
          `The allocated hours stay, so ${duration(balance.grantedMinutes)} are granted.`,
      );
    },
  },
];

/** The first session of Maple’s series. */
const coaching: DemoPlannedWork = {
  plannedOn: '2026-06-17',
  minutes: 60,
  consultant: 'brooks',
  line: 'IDM',
  activity: 'enablement',
  summary: 'Coaching of the help desk',
};

const audit: DemoPlannedWork = {
  plannedOn: '2027-01-20',
  minutes: 180,
  consultant: 'brooks',
  line: 'IDM',
  activity: 'health-check',
  summary: 'Review of all privileged accounts',
};

interface PlannedSession extends Identified {
  plannedOn: '2026-06-17';
  minutes: number;
}

interface PlannedSeries {
  sessions: PlannedSession[];
  skipped: { day: string; holiday: string }[];
}

interface Proposal {
  expiringMinutes: number;
  sessions: PlannedSession[];
}

interface TopUp extends Identified {
  balance: DemoBalance;
}

interface CancelledTopUp extends TopUp {
  cancellation: { minutes: number };
}

/** Logs the work of a planned session. */
async function fulfil(
  world: World,
  { plannedOn: _, ...work }: DemoPlannedWork,
  session: PlannedSession,
): Promise<void> {
  const { id, plannedOn: workDate } = session;
  const { entry } = await logged(world, 'maple', { ...work, workDate, plannedSessionId: id });
  expect(entry.plannedSessionId === id, 'the entry names the planned session');
}
