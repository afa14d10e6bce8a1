import { Refusal } from './refusal.js';

export const roles = ['admin', 'csm', 'finance', 'customer'] as const;
export type Role = (typeof roles)[number];

/** How far a permission reaches: everything, the CSM's portfolio, what is one's own, or nothing (403). */
export type AccessScope = 'all' | 'portfolio' | 'own' | 'never';

const row = (
  admin: AccessScope,
  csm: AccessScope,
  finance: AccessScope,
  customer: AccessScope,
): Record<Role, AccessScope> => ({
  admin,
  csm,
  finance,
  customer,
});

/**
 * Who may do what (§13). A portfolio is the subscriptions whose CSM one is, and the customers of these or entered by
 * oneself; `own` is the customer that a user with that role belongs to. `me` and `tokens.own` concern the caller alone.
 */
// prettier-ignore
export const permissions = {
  //                           admin  csm          finance  customer
  'packages.read':         row('all', 'all',       'all',   'all'),
  'me.read':               row('all', 'all',       'all',   'all'),
  'tokens.own':            row('all', 'all',       'all',   'all'),
  'tokens.others':         row('all', 'never',     'never', 'never'),
  'users.manage':          row('all', 'never',     'never', 'never'),
  'customers.read':        row('all', 'portfolio', 'all',   'own'),
  'customers.write':       row('all', 'portfolio', 'never', 'never'),
  'consultants.read':      row('all', 'all',       'all',   'never'),
  'consultants.write':     row('all', 'never',     'never', 'never'),
  'product-lines.read':    row('all', 'all',       'all',   'never'),
  'product-lines.write':   row('all', 'never',     'never', 'never'),
  'subscriptions.read':    row('all', 'portfolio', 'all',   'own'),
  'subscriptions.write':   row('all', 'portfolio', 'never', 'never'),
  'terms.read':            row('all', 'portfolio', 'all',   'own'),
  'upgrades.write':        row('all', 'portfolio', 'never', 'never'),
  'subscriptions.annul':   row('all', 'never',     'never', 'never'),
  'balances.read':         row('all', 'portfolio', 'all',   'own'),
  'ledger.read':           row('all', 'portfolio', 'all',   'own'),
  'ledger.verify':         row('all', 'portfolio', 'all',   'never'),
  'allocations.read':      row('all', 'portfolio', 'all',   'own'),
  'allocations.write':     row('all', 'portfolio', 'never', 'never'),
  'visits.read':           row('all', 'portfolio', 'all',   'own'),
  'visits.write':          row('all', 'portfolio', 'never', 'never'),
  'expenses.read':         row('all', 'portfolio', 'all',   'never'),
  'expenses.write':        row('all', 'portfolio', 'never', 'never'),
  'seats.read':            row('all', 'portfolio', 'all',   'own'),
  'seats.assign':          row('all', 'portfolio', 'never', 'own'),
  'time-entries.read':     row('all', 'portfolio', 'all',   'own'),
  'time-entries.log':      row('all', 'portfolio', 'never', 'never'),
  'adjustments.write':     row('all', 'never',     'all',   'never'),
  'notices.read':          row('all', 'portfolio', 'all',   'own'),
  'notices.give':          row('all', 'portfolio', 'never', 'own'),
  'notices.withdraw':      row('all', 'portfolio', 'never', 'own'),
  'notices.waive':         row('all', 'never',     'never', 'never'),
  'reminders.read':        row('all', 'portfolio', 'all',   'own'),
  'reminders.resend':      row('all', 'portfolio', 'never', 'never'),
  'mails.release':         row('all', 'never',     'never', 'never'),
  'renewals.read':         row('all', 'portfolio', 'all',   'never'),
  'forecast.read':         row('all', 'portfolio', 'all',   'never'),
  'evidence.read':         row('all', 'portfolio', 'all',   'never'),
  'reports.usage':         row('all', 'portfolio', 'all',   'own'),
  'reports.read':          row('all', 'portfolio', 'all',   'never'),
  // Of the reports that come by mail a CSM's portfolio is those set up by oneself.
  'reports.schedule':      row('all', 'portfolio', 'all',   'never'),
  'periods.read':          row('all', 'all',       'all',   'never'),
  'periods.close':         row('all', 'never',     'all',   'never'),
  'periods.reopen':        row('all', 'never',     'never', 'never'),
  'jobs.manage':           row('all', 'never',     'never', 'never'),
  'clock.manage':          row('all', 'never',     'never', 'never'),
};

export type Permission = keyof typeof permissions;

/** Who acts: the user behind the token of a request. */
export interface Actor {
  userId: string;
  name: string;
  email: string;
  role: Role;
  /** The customer that a user with the role `customer` belongs to; null for everybody else. */
  customerId: string | null;
  tokenId: string;
}

/** What of an actor decides about what one sees. */
export interface Viewer extends Pick<Actor, 'userId' | 'role' | 'customerId'> {
  /** A customer sees only the part of its own that is in this CSM's portfolio: nobody sends a customer more than they see. */
  withinPortfolioOf?: string;
}

/** Which rows an actor may see under a permission; with a `csmId`, of one's own only what is in that CSM's portfolio. */
export type Visibility =
  { kind: 'all' } | { kind: 'portfolio'; csmId: string } | { kind: 'own'; customerId: string; csmId?: string };

export function scopeOf(permission: Permission, role: Role): AccessScope {
  return permissions[permission][role];
}

/**
 * The rows that the actor may see under a permission (§13).
 * @throws Refusal `forbidden` where the role may never do it
 */
export function visibilityOf(actor: Viewer, permission: Permission): Visibility {
  const scope = scopeOf(permission, actor.role);
  if (scope === 'all') return { kind: 'all' };
  if (scope === 'portfolio') return { kind: 'portfolio', csmId: actor.userId };
  if (scope === 'never') throw new Refusal('forbidden');
  if (actor.customerId === null) throw new Error(`User ${actor.userId} with the role customer belongs to no customer`);
  return {
    kind: 'own',
    customerId: actor.customerId,
    ...(actor.withinPortfolioOf !== undefined && { csmId: actor.withinPortfolioOf }),
  };
}
