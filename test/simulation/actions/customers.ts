import { BrokenInvariant } from '../check.js';
import type { Client, SimulatedSubscription } from '../portfolio.js';
import { ifMatch, answerText, type World } from '../world.js';
import type { Action } from './action.js';

/** Changes the time zone of the customer. Future instants of all its subscriptions move, and passed instants stay. */
export const moveToAnotherZone: Action = async ({ world, portfolio, tally }, subscription) => {
  const { client } = subscription;
  const ofCustomer = portfolio.subscriptions.filter((other) => other.client === client);
  const before = client.model.zone;
  const timeZone = portfolio.otherZone(before);
  await changeCustomer(world, client, { timeZone });
  client.model.zone = timeZone;
  if (ofCustomer.some(({ contract }) => contract.isOverdue(world.now)))
    tally.add('customer.changed zone with an overdue term');
  for (const { contract, history } of ofCustomer) {
    contract.moveZone(world.now, before);
    if (contract !== subscription.contract) history.push(`the customer moves from ${before} to ${timeZone}`);
  }
  tally.add('customer.changed zone');
  return `the customer moves from ${before} to ${timeZone}`;
};

export const changeContacts: Action = async ({ world, portfolio, tally }, { client }: SimulatedSubscription) => {
  const { renewal, usage, contacts } = portfolio.newContacts();
  await changeCustomer(world, client, { contacts });
  client.model.renewalContacts = renewal;
  client.model.usageContacts = usage;
  tally.add('customer.new contacts');
  return `renewal contacts: ${renewal.join(', ') || 'none'}; usage contacts: ${usage.join(', ') || 'none'}`;
};

async function changeCustomer(world: World, { id }: Client, change: object): Promise<void> {
  const path = `/v1/customers/${id}`;
  const answer = await ifMatch(world.admin.get(path), (headers) => world.admin.patch(path, change, headers));
  if (answer.status >= 300) throw new BrokenInvariant('a customer can be changed', answerText(answer));
}
