import type { DemoAttention } from '../answers.js';
import { csms } from '../cast.js';
import { counted, duration, good, refusal, remark, say, table } from '../printer.js';
import { nameOf, path, type World } from '../world.js';
import { logged } from './hours.js';
import { expect, type Scene } from './scene.js';

/** Scenes of the CSMs: deputies, a hand-over, and the subscriptions that need them. */
export const portfolio: Scene[] = [
  {
    at: '2026-08-07T02:00:00Z',
    title: 'A deputy for the holidays',
    async play({ csms: { aiko }, csmIds }) {
      const holidays = { userId: csmIds.jonas, from: '2026-08-11', to: '2026-08-21' };
      await aiko.put(`/v1/users/${csmIds.aiko}/deputies`, { deputies: [holidays] });
      good(
        `Aiko Mori names Jonas Weber as her deputy from ${holidays.from} to ${holidays.to}. Mails will name him too.`,
      );
    },
  },
  {
    at: '2026-08-12T07:00:00Z',
    title: 'The deputy logs an hour',
    async play(world) {
      const { entry } = await logged(
        world,
        'sakura',
        {
          workDate: '2026-08-12',
          minutes: 60,
          consultant: 'tanaka',
          line: 'BKP',
          activity: 'technical-advice',
          summary: 'バックアップ失敗の切り分け',
        },
        world.csms.jonas,
      );
      expect(entry.recordedBy === world.csmIds.jonas, 'the entry names who recorded it');
      good('The entry names Jonas Weber, who really logged it.');
    },
  },
  {
    at: '2026-08-21T15:30:00Z',
    title: 'The holidays are over: 00:30 in Tokyo on the next day',
    async play(world) {
      const problem = await world.csms.jonas.refused('not-found', 'GET', path(world, 'sakura'));
      refusal('Jonas Weber asks for the contract again', problem);
    },
  },
  {
    at: '2026-09-02T01:00:00Z',
    title: 'A contract is handed over to another CSM',
    async play(world) {
      const { admin, csmIds, contracts } = world;
      const handOver = { toUserId: csmIds.aiko, subscriptionIds: [contracts.harbour.id] };
      await admin.post(`/v1/users/${csmIds.emily}/hand-over`, handOver);
      contracts.harbour.csm = world.csms.aiko;
      good(
        `${nameOf('harbour')} goes from Emily Carter to Aiko Mori, whose working day is nearly the same as in Sydney.`,
      );
    },
  },
  {
    at: '2027-01-18T15:00:00Z',
    title: 'Monday, 10:00 in New York: what a CSM must do next',
    async play(world) {
      const { emily } = world.csms;
      const mails = await emily.list<DemoMail>('/v1/mails', { from: '2027-01-18', to: '2027-01-18' });
      const digest = mails.find(({ kind }) => kind === 'monday-digest');
      expect(digest !== undefined, 'the digest of the Monday has arrived');
      say(`In the mailbox of ${csms.emily.name} since 09:00: ${digest!.subject}`);
      say('The same in the service, the gravest reason first (GET /v1/attention):');
      for (const one of await emily.list<DemoAttention>('/v1/attention')) tellGravest(one);
      await tellToday(world);
    },
  },
];

/** Prints each reason for which a subscription needs its CSM. */
export function tellAttention({ reasons }: DemoAttention): void {
  for (const { code, since, detail } of reasons) say(`· ${code}, since ${since}: ${detail}`);
}

/** Prints the gravest reason, and how many more there are. */
function tellGravest({ customer, reasons: [gravest, ...others] }: DemoAttention): void {
  say(`· ${customer}: ${gravest!.code}, since ${gravest!.since}, and ${counted(others.length, 'further reason')}`);
  remark(gravest!.detail);
}

async function tellToday({ csms }: World): Promise<void> {
  const today = await csms.emily.get<DemoToday>('/v1/me/today');
  const { attentionCount, plannedSessions, week, deadlines, failedMails } = today;
  const next = deadlines[0]!;
  say('What her day starts with, in one call (GET /v1/me/today):');
  table(
    ['subscriptions that need her', 'planned sessions', 'logged this week', 'deadlines in 30 days', 'failed mails'],
    [
      [
        attentionCount,
        plannedSessions.length,
        duration(week.minutes),
        `${deadlines.length}, next ${next.date}`,
        failedMails.length,
      ],
    ],
  );
}

interface DemoMail {
  kind: string;
  subject: string;
}

interface DemoToday {
  attentionCount: number;
  plannedSessions: object[];
  week: { minutes: number };
  deadlines: { date: string }[];
  failedMails: object[];
}
