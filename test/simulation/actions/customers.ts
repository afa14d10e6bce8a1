import { BrokenInvariant } from '../story.js';
import type { Client, Subject } from '../portfolio.js';
import { ifMatch, said, type World } from '../world.js';
import type { Deed } from './action.js';

/** The customer's head office moves: deadlines to come follow it, those that have passed stay. */
export const customerMovesZone: Deed = async ({ world, portfolio, tally }, subject) => {
  const { client } = subject;
  const theirs = portfolio.subjects.filter((other) => other.client === client);
  const before = client.model.zone;
  const timeZone = portfolio.anotherZone(before);
  await changed(world, client, { timeZone });
  client.model.zone = timeZone;
  if (theirs.some(({ contract }) => contract.isOverdue(world.now)))
    tally.add('customer.moved zone with a term overdue');
  for (const { contract, story } of theirs) {
    contract.moved(world.now, before);
    if (contract !== subject.contract) story.push(`their customer moves from ${before} to ${timeZone}`);
  }
  tally.add('customer.moved zone');
  return `the customer moves from ${before} to ${timeZone}`;
};

export const contactsChange: Deed = async ({ world, portfolio, tally }, { client }: Subject) => {
  const { renewal, usage, contacts } = portfolio.newContacts();
  await changed(world, client, { contacts });
  client.model.renewalContacts = renewal;
  client.model.usageContacts = usage;
  tally.add('customer.new contacts');
  return `contacts for renewals: ${renewal.join(', ') || 'nobody'}; for the use: ${usage.join(', ') || 'nobody'}`;
};

async function changed(world: World, { id }: Client, change: object): Promise<void> {
  const path = `/v1/customers/${id}`;
  const answer = await ifMatch(world.admin.get(path), (headers) => world.admin.patch(path, change, headers));
  if (answer.status >= 300) throw new BrokenInvariant('a customer can be changed', said(answer));
}
