import type { Identified, Notice, Subscription } from '../answers.js';
import { customer, customerKeys, type CustomerKey } from '../cast.js';
import { confirmOnDeclinePage, openDeclinePage } from '../decline-page.js';
import { linkToDecline } from '../mails.js';
import { amount, duration, good, refusal, say, table } from '../printer.js';
import { nameOf, path, subscriptionOf, type Work } from '../world.js';
import { logged, refused } from './hours.js';
import { allocationsOf, linesOf } from './opening.js';
import { expect, type Scene } from './scene.js';

/** Scenes of the contracts: seats, visits, upgrades, downgrades and notices of non-renewal. */
export const contracts: Scene[] = [
  {
    at: '2026-04-02T01:00:00Z',
    title: 'Learning seats; one customer assigns her own',
    async play(world) {
      for (const key of customerKeys) {
        const by = key === 'harbour' ? world.olivia : world.contracts[key].csm;
        for (const learner of customer(key).learners) await by.post(path(world, key, '/seats'), learner);
      }
      const seats = customerKeys.reduce((sum, key) => sum + customer(key).learners.length, 0);
      good(
        `${seats} learners have a seat. Olivia Harris assigned the seat of ${nameOf('harbour')} with her own token.`,
      );
      const second = { learnerName: 'Paul Gagnon', learnerEmail: 'paul.gagnon@maple-retail.example' };
      const problem = await world.contracts.maple.csm.refused(
        'seats-exhausted',
        'POST',
        path(world, 'maple', '/seats'),
        second,
      );
      refusal(`${nameOf('maple')}: a second seat on Basic`, problem);
      const elsewhere = path(world, 'sakura');
      refusal(
        'Jonas Weber asks for a contract of Aiko Mori',
        await world.csms.jonas.refused('not-found', 'GET', elsewhere),
      );
    },
  },
  {
    at: '2026-04-30T09:00:00Z',
    title: 'A notice of non-renewal, one day before the last day for it',
    async play(world) {
      const letter = { party: 'customer', signedBy: 'Katrin Schäfer', channel: 'letter' };
      const address = path(world, 'alster', '/non-renewal-notices');
      tellNotice('alster', await world.contracts.alster.csm.post<Notice>(address, letter), true);
    },
  },
  {
    at: '2026-05-04T09:00:00Z',
    title: 'The customer withdraws the notice after the last day, which needs our agreement',
    async play(world) {
      const { csm } = world.contracts.alster;
      const [notice] = await csm.list<Identified>(path(world, 'alster', '/non-renewal-notices'));
      const address = `/v1/non-renewal-notices/${notice!.id}/withdrawal`;
      const alone = { signedBy: 'Katrin Schäfer', reason: 'The budget was approved after all' };
      refusal(
        `${nameOf('alster')}: a withdrawal without agreement`,
        await csm.refused('agreement-required', 'POST', address, alone),
      );
      await csm.post(address, { ...alone, otherPartySignedBy: 'Jonas Weber' });
      const { currentTerm } = await subscriptionOf(world, 'alster');
      good(`The notice is withdrawn with Jonas Weber’s agreement. The renewal is ${currentTerm.renewalState}.`);
    },
  },
  {
    at: '2026-08-10T02:00:00Z',
    title: 'A learner leaves, and another one receives the seat',
    async play(world) {
      const { csm } = world.contracts.fujimi;
      const address = path(world, 'fujimi', '/seats');
      const seats = await csm.list<{ id: string; learnerName: string }>(address);
      const leaving = seats.find(({ learnerName }) => learnerName === '大野 隆');
      await csm.delete(`/v1/seats/${leaving!.id}`);
      await csm.post(address, { learnerName: '岡田 真理', learnerEmail: 'okada@fujimi-logi.example' });
      const { used, max } = (await subscriptionOf(world, 'fujimi')).balance.seats;
      good(
        `${nameOf('fujimi')}: 大野 隆 gives back the seat, and 岡田 真理 receives it; ${used} of ${max} seats are in use.`,
      );
    },
  },
  {
    at: '2026-09-24T02:00:00Z',
    title: 'What if the customer upgrades next week?',
    async play(world) {
      const { csm } = world.contracts.hokuriku;
      const address = path(world, 'hokuriku', '/what-if');
      const { on, package: to } = customer('hokuriku').upgrade!;
      const present = await csm.post<WhatIf>(address, {});
      const upgraded = await csm.post<WhatIf>(address, { upgrade: { package: to, on } });
      table(
        ['package', 'granted', 'remaining', 'onsite cap', 'visits', 'seats', 'would expire'],
        [
          ['basic', ...figures(present)],
          [`${to} as of ${on}`, ...figures(upgraded)],
        ],
      );
      const { deadline, mails } = upgraded;
      say(
        `Unchanged: the last day for a notice, ${deadline.noticeDeadline}. ${mails.length} mails about the renewal will follow.`,
      );
      expect(upgraded.balance.grantedMinutes === grantedByUpgrade, 'the upgrade would grant what it then grants');
    },
  },
  {
    at: '2026-10-01T03:00:00Z',
    title: 'An upgrade in the middle of a term',
    async play(world) {
      const { csm } = world.contracts.hokuriku;
      const workshop: Work = {
        workDate: '2026-10-01',
        minutes: 3_600,
        consultant: 'watanabe',
        line: 'SEC',
        activity: 'gap-analysis',
        summary: 'ID 基盤の設計ワークショップ',
        delivery: 'onsite',
      };
      say('The customer needs an onsite workshop, which Basic does not allow. The refusal in the customer’s language:');
      await refused(world, 'hokuriku', 'rules-violated', workshop, 'ja');

      const { package: to, shares } = customer('hokuriku').upgrade!;
      const { change } = await csm.post<Upgrade>(path(world, 'hokuriku', '/upgrade'), { package: to });
      const { grantedBeforeMinutes: before, grantedAfterMinutes: after } = change;
      expect(after === grantedByUpgrade, `the upgrade grants ${grantedByUpgrade} minutes: they are ${after}`);
      good(
        `Upgraded: ${amount(before)} granted minutes become ${amount(after)}, in proportion to the days of each package, as foreseen.`,
      );

      const lines = { effectiveOn: '2026-10-01', productLineIds: linesOf(shares).map((line) => world.lineIds[line]) };
      await csm.put(path(world, 'hokuriku', '/product-lines'), lines, path(world, 'hokuriku'));
      await csm.put(path(world, 'hokuriku', '/allocations'), allocationsOf(world, shares));
      good('A second product line and a second consultant are added.');
    },
  },
  {
    at: '2026-11-30T13:00:00Z',
    title: 'The onsite limits of Premier: a quarter of the hours, two visits',
    async play(world) {
      const visitId = world.visitIds.get('横浜工場 2026-11-17');
      const handOver: Work = {
        workDate: '2026-11-18',
        minutes: 300,
        consultant: 'sato',
        line: 'STO',
        activity: 'enablement',
        summary: '夜間運用チームへの引き継ぎ',
        delivery: 'onsite',
        visitId,
      };
      await refused(world, 'minato', 'onsite-cap-exceeded', handOver);
      await logged(world, 'minato', { ...handOver, minutes: 180 });
      const third = {
        startsOn: '2026-12-15',
        endsOn: '2026-12-15',
        place: '横浜工場',
        consultantIds: [world.consultantIds.sato],
      };
      const address = path(world, 'minato', '/visits');
      const problem = await world.contracts.minato.csm.refused('visits-exhausted', 'POST', address, third);
      refusal(`${nameOf('minato')}: a third visit`, problem);
    },
  },
  {
    at: '2026-12-04T02:00:00Z',
    title: 'A downgrade waits for the renewal',
    async play(world) {
      const { csm } = world.contracts.fujimi;
      const wanted = { package: 'premier' };
      const now = await csm.refused('not-an-upgrade', 'POST', path(world, 'fujimi', '/upgrade'), wanted);
      refusal(`${nameOf('fujimi')}: from Enterprise to Premier immediately`, now);
      await csm.put(path(world, 'fujimi', '/next-package'), wanted, path(world, 'fujimi'));
      const { nextPackage, currentTerm } = await subscriptionOf(world, 'fujimi');
      good(`Set for the renewal: ${nextPackage} after ${currentTerm.endsOn}.`);
    },
  },
  {
    at: '2027-01-04T01:00:00Z',
    title: 'The contracts that renew in spring, with their last day for a notice',
    async play(world) {
      const due = await world.finance.list<Renewal>('/v1/renewals', { from: '2027-01-01', to: '2027-02-28' });
      table(
        ['customer', 'package', 'next', 'last day', 'last day for a notice', 'minutes left', 'seats in use', 'outlook'],
        due.map((one) => [
          one.customer,
          one.package,
          one.nextPackage ?? one.package,
          one.endsOn,
          one.noticeDeadline,
          one.remainingMinutes,
          one.seatsInUse,
          one.outlook?.expectation ?? '',
        ]),
      );
    },
  },
  {
    at: '2027-01-30T12:00:00Z',
    title: 'In time: 23:00 in Sydney, on the last day for a notice',
    async play(world) {
      const { name, email } = customer('harbour').contact;
      const link = linkToDecline(email);
      const { heading } = await openDeclinePage(link);
      const { currentTerm } = await subscriptionOf(world, 'harbour');
      expect(
        currentTerm.renewalState === 'open',
        `opening the page changes nothing: it is ${currentTerm.renewalState}`,
      );
      say(`${name} opens the personal link in her reminder. Opening it changes nothing. The page: “${heading}”`);
      const receipt = await confirmOnDeclinePage(link, name);
      say(`She signs and sends the form. The answer: “${receipt.heading}”`);
      const [notice] = await world.olivia.list<Notice>(path(world, 'harbour', '/non-renewal-notices'));
      tellNotice('harbour', notice!, true);
    },
  },
  {
    at: '2027-01-30T15:30:00Z',
    title: 'Too late: 00:30 in Tokyo, on the day after the last day for a notice',
    async play(world) {
      const address = path(world, 'minato', '/non-renewal-notices');
      const mail = { party: 'customer', signedBy: '高橋 恵', channel: 'email' };
      tellNotice('minato', await world.contracts.minato.csm.post<Notice>(address, mail), false);
    },
  },
];

interface Upgrade {
  change: { grantedBeforeMinutes: number; grantedAfterMinutes: number };
}

/** The minutes of Hokuriku’s term after the upgrade from Basic to Premier on 2026-10-01 (§10). */
const grantedByUpgrade = 8_633;

interface WhatIf {
  balance: Subscription['balance'];
  deadline: { noticeDeadline: string };
  expiry: { minutes: number };
  mails: object[];
}

interface Renewal {
  customer: string;
  package: string;
  nextPackage: string | null;
  endsOn: string;
  noticeDeadline: string;
  remainingMinutes: number;
  seatsInUse: number;
  outlook: { expectation: string } | null;
}

function figures({ balance, expiry }: WhatIf): (string | number)[] {
  const { grantedMinutes, remainingMinutes, onsite, seats } = balance;
  return [
    grantedMinutes,
    duration(remainingMinutes),
    duration(onsite.capMinutes),
    onsite.maxVisits ?? 'any',
    seats.max,
    duration(expiry.minutes),
  ];
}

function tellNotice(key: CustomerKey, notice: Notice, shouldBeEffective: boolean): void {
  const { effective, noticeDeadline, renewalState } = notice;
  expect(effective === shouldBeEffective, `the notice has effective ${shouldBeEffective}: ${JSON.stringify(notice)}`);
  const outcome = effective ? 'It is in time, so the contract will end' : 'It is too late, so the contract will renew';
  good(
    `${nameOf(key)} gives notice; the last day for it is ${noticeDeadline}. ${outcome}. The renewal is ${renewalState}.`,
  );
}
