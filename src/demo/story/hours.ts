import { randomUUID } from 'node:crypto';
import type { DemoBalance, DemoLedgerEntry, Logged, Term } from '../answers.js';
import { consultants, type CustomerKey } from '../cast.js';
import { UnexpectedAnswer, type Client } from '../client.js';
import { duration, good, refusal, remark, say, table } from '../printer.js';
import { entryOf, nameOf, path, subscriptionOf, type Work, type World } from '../world.js';
import type { Scene } from './scene.js';

/** Scenes in which time is logged, refused, repeated and corrected. */
export const hours: Scene[] = [
  {
    at: '2026-04-24T14:00:00Z',
    title: 'Basic has no onsite hours',
    play: (world) =>
      refused(world, 'maple', 'onsite-not-included', {
        workDate: '2026-04-24',
        minutes: 240,
        consultant: 'brooks',
        line: 'IDM',
        activity: 'enablement',
        summary: 'Training day in the Toronto office',
        delivery: 'onsite',
      }),
  },
  {
    at: '2026-05-12T02:00:00Z',
    title: 'The same request sent twice makes one entry',
    async play(world) {
      const { csm } = world.contracts.minato;
      const address = path(world, 'minato', '/time-entries');
      const work = entryOf(world, {
        workDate: '2026-05-12',
        minutes: 45,
        consultant: 'sato',
        line: 'STO',
        activity: 'technical-advice',
        summary: 'スナップショット障害の一次切り分け',
      });
      const once = { idempotencyKey: randomUUID() };
      const first = await csm.post<Logged>(address, work, once);
      const second = await csm.send('POST', address, work, once);
      const sameEntry = second.status === 201 && (JSON.parse(second.text) as Logged).entry.id === first.entry.id;
      if (!sameEntry || second.headers.get('idempotency-replayed') !== 'true') {
        throw new UnexpectedAnswer(`POST ${address} (again)`, 'the first answer once more', second);
      }
      good('Sent twice with one Idempotency-Key: the service repeats its first answer, marked as replayed.');
      const other = { ...work, minutes: 60 };
      const problem = await csm.refused('idempotency-key-reused', 'POST', address, other, once);
      refusal('The same key again, now with 60 minutes instead of 45', problem);
    },
  },
  {
    at: '2026-05-16T14:00:00Z',
    title: 'A consultant cannot work more than 24 hours a day, over all customers',
    async play(world) {
      const saturday = { workDate: '2026-05-16', consultant: 'tanaka', activity: 'upgrade' } as const;
      await logged(world, 'sakura', {
        ...saturday,
        line: 'STO',
        minutes: 840,
        summary: 'ストレージ更改の切り替え作業',
      });
      await logged(world, 'fujimi', {
        ...saturday,
        line: 'BKP',
        minutes: 540,
        summary: 'バックアップサーバー切り替え',
      });
      const more = { ...saturday, line: 'BKP', minutes: 120, summary: '切り替え後のリストア確認' } as const;
      await refused(world, 'sakura', 'consultant-day-exceeded', more);
    },
  },
  {
    at: '2026-05-31T16:00:00Z',
    title: 'At this moment it is 1 June in Tokyo but 31 May in California',
    async play(world) {
      const work = { workDate: '2026-06-01', minutes: 30, activity: 'health-check' } as const;
      await logged(world, 'minato', { ...work, consultant: 'sato', line: 'STO', summary: '夜間アラートの確認' });
      const alert = { ...work, consultant: 'brooks', line: 'VRT', summary: 'Checked a night alert' } as const;
      await refused(world, 'goldenGate', 'work-date-in-future', alert);
    },
  },
  {
    at: '2026-07-06T08:00:00Z',
    title: 'Work of a closed term, logged within ten days of its end',
    async play(world) {
      await logged(world, 'alster', forgotten);
      const [before] = (await world.admin.list<Term>(path(world, 'alster', '/terms'))).slice(-2);
      const entries = await world.finance.list<DemoLedgerEntry>(path(world, 'alster', '/ledger'), {
        termId: before!.id,
      });
      say('The ledger of that term now ends with:');
      table(
        ['effective on', 'kind', 'minutes', 'remaining'],
        entries
          .slice(-3)
          .map(({ effectiveOn, kind, minutes, balanceAfterMinutes }) => [
            effectiveOn,
            kind,
            minutes,
            balanceAfterMinutes,
          ]),
      );
    },
  },
  {
    at: '2026-07-20T08:00:00Z',
    title: 'Two weeks later it is too late',
    play: (world) => refused(world, 'alster', 'late-entry-window-passed', forgotten),
  },
  {
    at: '2026-07-31T18:00:00Z',
    title: 'More than the plan allows, for a customer who enforces the plan',
    async play(world) {
      const migration: Work = {
        workDate: '2026-07-25',
        minutes: 720,
        consultant: 'brooks',
        line: 'VRT',
        activity: 'upgrade',
        summary: 'Weekend migration of the simulation cluster',
      };
      await refused(world, 'goldenGate', 'ahead-of-pace', migration);
      await logged(world, 'goldenGate', { ...migration, minutes: 300, summary: 'First part of the migration' });
    },
  },
  {
    at: '2026-09-30T13:00:00Z',
    title: 'The last minutes of a term',
    async play(world) {
      const { remainingMinutes } = (await subscriptionOf(world, 'deccan')).balance;
      say(`${nameOf('deccan')} has ${duration(remainingMinutes)} left on the last day of its term.`);
      const review: Work = {
        workDate: '2026-09-26',
        minutes: remainingMinutes + 120,
        consultant: 'raman',
        line: 'OBS',
        activity: 'gap-analysis',
        summary: 'Year-end review of the dashboards',
      };
      await refused(world, 'deccan', 'rules-violated', review);
      await logged(world, 'deccan', { ...review, minutes: remainingMinutes });
    },
  },
  {
    at: '2026-11-12T15:00:00Z',
    title: 'Entries are never edited: they are corrected or reversed',
    async play(world) {
      const { csm } = world.contracts.hudson;
      const work: Work = {
        workDate: '2026-11-12',
        minutes: 90,
        consultant: 'brooks',
        line: 'SEC',
        activity: 'technical-advice',
        summary: 'Design call on remote access',
      };
      const wrong = await logged(world, 'hudson', work);
      const correction = { ...entryOf(world, { ...work, minutes: 60 }), reason: 'The call took an hour' };
      const { balance } = await csm.post<Logged>(`/v1/time-entries/${wrong.entry.id}/correction`, correction);
      good(`Corrected to 60 min: ${duration(balance.remainingMinutes)} remain.`);

      const mistaken = await logged(world, 'hudson', { ...work, summary: 'Entered for the wrong customer' });
      const reversal = { reason: 'Worked for another customer' };
      const address = `/v1/time-entries/${mistaken.entry.id}/reversal`;
      const reversed = await csm.post<{ balance: DemoBalance }>(address, reversal);
      good(`Reversed: ${duration(reversed.balance.remainingMinutes)} remain.`);
      refusal('A second reversal of the same entry', await csm.refused('already-reversed', 'POST', address, reversal));
    },
  },
  {
    at: '2026-12-19T18:00:00Z',
    title: 'An allocation is used up, and hours are moved',
    async play(world) {
      const { csm } = world.contracts.hudson;
      const address = path(world, 'hudson', '/allocations');
      const { allocations } = await csm.get<{ allocations: AllocationShown[] }>(address);
      const [rules, dashboards, traces] = allocations;
      if (!rules || !dashboards || !traces) throw new Error(`${nameOf('hudson')} should have three allocations`);
      const work: Work = {
        workDate: '2026-12-19',
        minutes: traces.minutes - traces.usedMinutes + 120,
        consultant: 'raman',
        line: 'OBS',
        activity: 'upgrade',
        summary: 'Weekend upgrade of the collectors',
      };
      await refused(world, 'hudson', 'allocation-exhausted', work);
      const moved = [
        { ...asked(rules), minutes: rules.minutes - 1_200 },
        asked(dashboards),
        { ...asked(traces), minutes: traces.minutes + 1_200 },
      ];
      await csm.put(address, { allocations: moved });
      good('The CSM moves 20 h from Daniel Brooks to Priya Raman.');
      await logged(world, 'hudson', work);
    },
  },
  {
    at: '2027-02-10T02:00:00Z',
    title: 'A refusal names everything that is wrong',
    async play(world) {
      const work: Work = {
        workDate: '2027-02-20',
        minutes: 6_000,
        consultant: 'brooks',
        line: 'SEC',
        activity: 'best-practice',
        summary: 'A line that was never bought, by a consultant who was never assigned, onsite, next week',
        delivery: 'onsite',
      };
      await refused(world, 'harbour', 'rules-violated', work);
    },
  },
];

/** Work on 30 June, the last day of Alster's term. */
const forgotten: Work = {
  workDate: '2026-06-30',
  minutes: 60,
  consultant: 'vogt',
  line: 'OBS',
  activity: 'technical-advice',
  summary: 'Call about alert noise, written down late',
};

export interface AllocationShown {
  consultantId: string;
  productLineId: string;
  minutes: number;
  usedMinutes: number;
}

export const asked = ({ consultantId, productLineId, minutes }: AllocationShown) => ({
  consultantId,
  productLineId,
  minutes,
});

export async function logged(
  world: World,
  key: CustomerKey,
  work: Work,
  by: Client = world.contracts[key].csm,
): Promise<Logged> {
  const answer = await by.post<Logged>(path(world, key, '/time-entries'), entryOf(world, work));
  good(`${sentence(key, work)}: ${duration(answer.balance.remainingMinutes)} remain.`);
  for (const { detail } of answer.warnings) remark(detail);
  return answer;
}

export async function refused(
  world: World,
  key: CustomerKey,
  code: string,
  work: Work,
  language?: 'en' | 'ja',
): Promise<void> {
  const { csm } = world.contracts[key];
  const address = path(world, key, '/time-entries');
  refusal(sentence(key, work), await csm.refused(code, 'POST', address, entryOf(world, work), { language }));
}

function sentence(key: CustomerKey, { workDate, minutes, consultant, delivery = 'remote' }: Work): string {
  return `${nameOf(key)}: ${duration(minutes)} ${delivery} on ${workDate} by ${consultants[consultant].name}`;
}
