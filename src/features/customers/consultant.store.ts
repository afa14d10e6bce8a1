import { In } from 'typeorm';
import type { Transaction } from '../../platform/database/transaction.js';
import { Consultant } from './consultant.entity.js';
import { findKey, matchOf, nameKey, type NamedRow } from './name-lookup.js';

/** A consultant that the finder shows. */
export type MatchedConsultant = Pick<Consultant, 'id' | 'name' | 'email'>;

export async function insertConsultant(tx: Transaction, consultant: Consultant): Promise<void> {
  await tx.manager.insert(Consultant, consultant);
}

export function findConsultant(tx: Transaction, id: string): Promise<Consultant | null> {
  return tx.manager.findOneBy(Consultant, { id });
}

export function findConsultants(tx: Transaction, ids: readonly string[]): Promise<Consultant[]> {
  return tx.manager.findBy(Consultant, { id: In([...ids]) });
}

export function lockConsultant(tx: Transaction, id: string): Promise<Consultant | null> {
  return tx.manager.findOne(Consultant, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

export async function updateConsultant(tx: Transaction, { id, ...consultant }: Consultant): Promise<void> {
  await tx.manager.update(Consultant, { id }, consultant);
}

/** Consultants in the order of creation, after `afterId`. */
export function consultantsAfter(tx: Transaction, afterId: string | undefined, limit: number): Promise<Consultant[]> {
  const rows = tx.manager.createQueryBuilder(Consultant, 'r').orderBy('r.id').limit(limit);
  return (afterId === undefined ? rows : rows.where('r.id > :afterId', { afterId })).getMany();
}

/** Consultants with one of these e-mail addresses, or else one of these names. */
export function consultantsNamed(tx: Transaction, names: readonly string[]): Promise<NamedRow[]> {
  return tx.query(
    `select distinct on (name) name, ids from (
       select asked.name, 1 as rank, array_agg(c.id) as ids
       from unnest($1::text[]) asked (name) join consultants c on lower(c.email) = lower(asked.name)
       group by asked.name
       union all
       select asked.name, 2, (array_agg(c.id order by c.id))[1:2]
       from unnest($1::text[]) asked (name) join consultants c on ${nameKey('c.name')} = ${nameKey('asked.name')}
       group by asked.name
     ) found order by name, rank`,
    [names],
  );
}

/** Consultants whose name or e-mail address contains a text, best match first. */
export function consultantsMatching(tx: Transaction, text: string, limit: number): Promise<MatchedConsultant[]> {
  return tx.query(
    // `offset 0`: each key is computed once.
    `select id, name, email from (
       select c.id, c.name, c.email, least(${matchOf('k.name', 'asked.key')}, ${matchOf('k.email', 'asked.key')}) as rank
       from (select ${findKey('$1::text')} as key offset 0) asked
       cross join consultants c
       cross join lateral (select ${findKey('c.name')} as name, lower(c.email) as email offset 0) k
     ) found where rank is not null order by rank, name collate "C", id limit $2`,
    [text, limit],
  );
}
