import { addDays, dayOn } from '../model/calendar.js';
import { deputiesAt, type Csm, type Deputy } from '../model/contract.js';
import { BrokenInvariant, check } from '../check.js';
import { answerText, ifMatch, must } from '../world.js';
import type { Action } from './action.js';
import { book } from './hours.js';
import { unchanged } from './unchanged.js';

/** The CSM replaces the list of deputies: by nobody, or by one of the other CSMs for some days. */
export const nameDeputies: Action = async ({ world, portfolio, random, tally }, { contract }) => {
  const { csm } = contract;
  const { api } = portfolio.csms.find(({ model }) => model === csm)!;
  const today = dayOn(world.now, csm.zone);
  const from = addDays(today, random.between(-3, 5));
  const deputy: Deputy = {
    csm: random.oneOf(portfolio.csms).model,
    from,
    to: addDays(from, random.between(-1, 60)),
  };
  const named = random.chance(0.15) ? [] : [deputy];
  const path = `/v1/users/${csm.id}/deputies`;
  const deputies = named.map(({ csm: { id }, ...days }) => ({ userId: id, ...days }));
  const answer = await ifMatch(api.get(path), (headers) => api.put(path, { deputies }, headers));
  const others = portfolio.csms.map(({ model }) => model).filter((other) => other !== csm);
  const verdict = named.length === 0 ? 'done' : verdictOn(csm, deputy, today, others);
  const { code = 'done' } = answer.body as { code?: string };
  check('deputies are named by the rules', code, verdict, contract);
  tally.add(`csm.${verdict === 'done' ? 'deputies named' : 'deputies refused'}`);
  const days = named.map(({ csm: { address }, to }) => `${address} from ${from} to ${to}`).join();
  if (verdict === 'done') csm.deputies = named;
  return `${csm.address} names ${days || 'no deputy'}: ${verdict}`;
};

/** One of the CSMs books with their own token: the CSM of the subscription, a deputy of today, or somebody who may not. */
export const bookAsCsm: Action = async (scene, subscription) => {
  const { world, portfolio, random, tally } = scene;
  const { contract, consultantIds, lineIds } = subscription;
  const deputies = deputiesAt(contract.csm, world.now);
  const standIns = portfolio.csms.filter((csm) => deputies.includes(csm.model));
  const { model, api } = random.oneOf(standIns.length > 0 && random.chance(0.6) ? standIns : portfolio.csms);
  const isDeputy = standIns.some((csm) => csm.model === model);
  const workOn = addDays(contract.today(world.now), -random.below(5));
  const work = { minutes: 30, consultantId: consultantIds[0]!, productLineId: lineIds[0]! };
  if (model !== contract.csm && !isDeputy) {
    const path = `/v1/subscriptions/${subscription.id}`;
    const body = { workDate: workOn, ...work, activity: 'enablement', delivery: 'remote', summary: 'Not allowed' };
    const answers = [await api.post(`${path}/time-entries`, body), await api.get(path)];
    check(
      'without a portfolio, a CSM finds nothing',
      answers.map(({ status }) => status),
      [404, 404],
      contract,
    );
    tally.add('csm.not found');
    return `${model.address} finds no subscription`;
  }
  const refused = await book(scene, subscription, { ...work, workOn }, api);
  if (!refused) {
    const entry = await must(world.admin.get(`/v1/time-entries/${subscription.entries.at(-1)!.id}`));
    check('an entry names who recorded it', entry.recordedBy, model.id, contract);
  }
  tally.add(`csm.${isDeputy ? 'booked as deputy' : 'booked'}`);
  return `${model.address} logs 30 minutes of ${workOn}${isDeputy ? ' as deputy' : ''}: ${refused?.codes ?? 'done'}`;
};

/** The subscription, or the whole portfolio of its CSM, goes to another CSM. */
export const handOver: Action = async ({ world, portfolio, random, tally }, subscription) => {
  const { contract } = subscription;
  const from = contract.csm;
  const to = random.oneOf(portfolio.csms).model;
  const whole = random.chance(0.3);
  const owned = portfolio.active.filter((other) => other.contract.csm === from);
  if (owned.some((other) => other.contract.isOverdue(world.now))) return undefined;
  const request = { toUserId: to.id, ...(!whole && { subscriptionIds: [subscription.id] }) };
  const answer = await world.admin.post(`/v1/users/${from.id}/hand-over`, request);
  const violations = [
    ...(to === from ? ['hand-over-to-same'] : []),
    ...(!whole && contract.ended ? ['subscription-not-owned'] : []),
  ];
  const empty = whole && owned.length === 0 ? 'nothing-to-hand-over' : 'done';
  const verdict = violations.length > 1 ? 'rules-violated' : (violations[0] ?? empty);
  const { code = 'done' } = answer.body as { code?: string };
  check('a portfolio is handed over by the rules', code, verdict, contract);
  tally.add(`csm.${verdict === 'done' ? 'handed over' : 'not handed over'}`);
  if (verdict === 'done') for (const other of whole ? owned : [subscription]) other.contract.csm = to;
  return `${from.address} hands ${whole ? 'everything' : 'the subscription'} over to ${to.address}: ${verdict}`;
};

/** The CSM states an outlook. It changes nothing of the contract. */
export const stateOutlook: Action = async (scene, subscription) => {
  const { world, random, tally } = scene;
  const { contract } = subscription;
  if (contract.isOverdue(world.now)) return undefined;
  const expectation = random.oneOf(['renews', 'unsure', 'leaves', 'upgrades']);
  const outlook = { expectation, nextStep: 'Call', nextStepOn: contract.today(world.now) };
  const path = `/v1/subscriptions/${subscription.id}/outlook`;
  const answer = await unchanged(scene, subscription, 'an outlook changes nothing of the contract', () =>
    ifMatch(world.admin.get(path), (headers) => world.admin.put(path, outlook, headers)),
  );
  const { code = 'done' } = answer.body as { code?: string };
  check(
    'an outlook is stated of an active subscription',
    code,
    contract.ended ? 'subscription-ended' : 'done',
    contract,
  );
  if (code !== 'done') return `an outlook is refused: ${code}`;
  const stated = await must(world.admin.get(path));
  if (stated.outlook?.expectation !== expectation) {
    throw new BrokenInvariant('the newest outlook is the present one', answerText(answer), contract);
  }
  tally.add(`csm.outlook ${expectation}`);
  return `the outlook is ${expectation}`;
};

/** Whether a deputy is accepted. `others` are the CSMs whose deputies could lead back in a circle. */
function verdictOn(csm: Csm, { csm: deputy, from, to }: Deputy, today: string, others: readonly Csm[]): string {
  if (deputy === csm) return 'deputy-is-csm';
  if (from > to) return 'deputy-days-reversed';
  if (to < today) return 'deputy-days-past';
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const reached = new Set([deputy]);
    for (const one of reached) {
      if (!others.includes(one)) continue;
      const named = one.deputies.filter((next) => next.to >= today && next.from <= day && day <= next.to);
      for (const next of named) reached.add(next.csm);
    }
    if (reached.has(csm)) return 'deputy-circle';
  }
  return 'done';
}
