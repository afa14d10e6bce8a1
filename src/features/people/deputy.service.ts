import { Injectable } from '@nestjs/common';
import { scopeOf, type Actor } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { deputyViolations, standsIn, type NamedDeputy } from '../../domain/deputy.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AccessTokens } from '../../platform/http/access-tokens.js';
import { earliestDay } from '../../platform/http/represented-csms.js';
import { refuseStale } from '../../platform/http/etag.js';
import type { DeputiesAnswer, DeputyAnswer, NewDeputies } from './deputy.dto.js';
import { DeputyStore, type StoredDeputy } from './deputy.store.js';
import { findUser, lockUser } from './people.store.js';
import type { User } from './user.entity.js';

/** Deputies of CSMs (§13): a CSM names their own, an administrator those of anybody. */
@Injectable()
export class DeputyService {
  constructor(
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly store: DeputyStore,
    private readonly tokens: AccessTokens,
  ) {}

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, csmId: string): Promise<DeputiesAnswer> {
    const csm = seen(actor, csmId) && (await findUser(tx, csmId));
    if (!csm) throw new Refusal('not-found');
    return this.#answer(tx, csm, await this.store.ofCsm(tx, csmId, this.#todayOf(csm)));
  }

  /**
   * Replaces the list. A deputy whose user and days stay keeps the row; the others end at once.
   * @throws Refusal `not-found`, `etag-stale`, or the domain's refusals by rules
   */
  async replace(
    tx: Transaction,
    actor: Actor,
    csmId: string,
    version: number,
    { deputies }: NewDeputies,
  ): Promise<DeputiesAnswer> {
    if (!seen(actor, csmId)) throw new Refusal('not-found');
    await this.store.lockChanges(tx);
    const csm = await lockUser(tx, csmId);
    if (!csm) throw new Refusal('not-found');
    refuseStale(await this.store.version(tx, csmId), version);
    refuseNoCsm(csm);
    const today = this.#todayOf(csm);
    const present = await this.store.ofCsm(tx, csmId, today);
    const added = deputies.filter((wanted) => !present.some((stored) => isSame(stored, wanted)));
    const ended = present.filter((stored) => !deputies.some((wanted) => isSame(stored, wanted)));
    const users = await this.store.possible(
      tx,
      deputies.map(({ userId }) => userId),
    );
    const violations = deputyViolations({ csmId, today }, deputies, users, await this.store.ofOthers(tx, csmId, today));
    if (violations.length > 0) throw refuseByRules(violations);
    const by = { userId: actor.userId, at: this.clock.now() };
    if (ended.length > 0)
      await this.store.end(
        tx,
        ended.map(({ id }) => id),
        by,
      );
    if (added.length > 0) await this.store.name(tx, csmId, added, by);
    tx.afterCommit(() => this.tokens.forget());
    return this.#answer(tx, csm, await this.store.ofCsm(tx, csmId, today));
  }

  /** The CSMs whose deputy a user is at this moment. */
  async representedNow(tx: Transaction, userId: string): Promise<string[]> {
    const now = this.clock.now();
    const represented = await this.store.representedBy(tx, userId, earliestDay(now));
    return represented
      .filter((days) => standsIn(days, days.timeZone ?? this.rules.houseTimeZone, now))
      .map(({ csmId }) => csmId);
  }

  /** A user's own deputies, and the CSMs whose deputy the user is, today and on coming days. */
  async around(tx: Transaction, user: User): Promise<{ deputies: DeputyAnswer[]; deputyFor: DeputyAnswer[] }> {
    const now = this.clock.now();
    const represented = await this.store.representedBy(tx, user.id, earliestDay(now));
    return {
      deputies: (await this.store.ofCsm(tx, user.id, this.#todayOf(user))).map(show),
      deputyFor: represented
        .filter(({ to, timeZone }) => to >= dayAt(now, timeZone ?? this.rules.houseTimeZone))
        .map(({ csmId, name, from, to }) => ({ userId: csmId, name, from, to })),
    };
  }

  #todayOf({ timeZone }: User): Day {
    return dayAt(this.clock.now(), timeZone ?? this.rules.houseTimeZone);
  }

  async #answer(tx: Transaction, csm: User, deputies: readonly StoredDeputy[]): Promise<DeputiesAnswer> {
    return {
      timeZone: csm.timeZone ?? this.rules.houseTimeZone,
      deputies: deputies.map(show),
      version: await this.store.version(tx, csm.id),
    };
  }
}

/** The rights of a deputy end here: only the CSM and administrators see the list. */
const seen = ({ userId, role }: Actor, csmId: string): boolean =>
  userId === csmId || scopeOf('deputies.manage', role) === 'all';

const isSame = (one: NamedDeputy, other: NamedDeputy): boolean =>
  one.userId === other.userId && one.from === other.from && one.to === other.to;

const show = ({ userId, name, from, to }: StoredDeputy): DeputyAnswer => ({ userId, name, from, to });

function refuseNoCsm({ id, role, active }: User): void {
  if (role !== 'csm' && role !== 'admin') throw new Refusal('not-a-csm', { id });
  if (!active) throw new Refusal('user-inactive', { id });
}
