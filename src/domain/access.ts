import { Refusal } from './refusal.js';

export const roles = ['admin', 'csm', 'finance', 'customer'] as const;
export type Role = (typeof roles)[number];

/** The reach of a permission: everything, the CSM's portfolio, the user's own customer, or nothing (403). */
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
 * Who may do what (§13). A CSM's portfolio is the subscriptions with this CSM, their customers, and customers that the CSM
 * entered. `own` is the customer of a user with the role `customer`. `me`, `tokens.own` and `sessions.own` concern the
 * caller alone.
 */
// prettier-ignore
export const permissions = {
  //                           admin  csm          finance  customer
  'packages.read':         row('all', 'all',       'all',   'all'),
  'me.read':               row('all', 'all',       'all',   'all'),
  'me.write':              row('all', 'all',       'all',   'all'),
  'tokens.own':            row('all', 'all',       'all',   'all'),
  'tokens.others':         row('all', 'never',     'never', 'never'),
  'sessions.own':          row('all', 'all',       'all',   'all'),
  'sessions.others':       row('all', 'never',     'never', 'never'),
  // A CSM manages their own deputies, and not those of another CSM whose deputy they are.
  'deputies.manage':      row('all', 'portfolio', 'never', 'never'),
  'portfolios.hand-over': row('all', 'never',     'never', 'never'),
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
  'top-ups.read':          row('all', 'portfolio', 'all',   'own'),
  'top-ups.enter':         row('all', 'portfolio', 'never', 'never'),
  'top-ups.goodwill':      row('all', 'never',     'never', 'never'),
  'top-ups.cancel':        row('all', 'never',     'never', 'never'),
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
  'planned-sessions.read': row('all', 'portfolio', 'all',  'own'),
  'planned-sessions.write': row('all', 'portfolio', 'never', 'never'),
  'adjustments.write':     row('all', 'never',     'all',   'never'),
  'notices.read':          row('all', 'portfolio', 'all',   'own'),
  'notices.give':          row('all', 'portfolio', 'never', 'own'),
  'notices.withdraw':      row('all', 'portfolio', 'never', 'own'),
  'notices.waive':         row('all', 'never',     'never', 'never'),
  'reminders.read':        row('all', 'portfolio', 'all',   'own'),
  'reminders.resend':      row('all', 'portfolio', 'never', 'never'),
  'mails.release':         row('all', 'never',     'never', 'never'),
  'outlook.read':          row('all', 'portfolio', 'all',   'never'),
  'outlook.write':         row('all', 'portfolio', 'never', 'never'),
  'attention.read':       row('all', 'portfolio', 'all',   'never'),
  'what-if.read':          row('all', 'portfolio', 'all',   'never'),
  // Administrators see only their own portfolio, too.
  'today.read':            row('all', 'portfolio', 'never', 'never'),
  // The pages that say "your hours". Staff have pages about every subscription.
  'own-pages.use':         row('never', 'never',   'never', 'own'),
  'renewals.read':         row('all', 'portfolio', 'all',   'never'),
  'forecast.read':         row('all', 'portfolio', 'all',   'never'),
  'evidence.read':         row('all', 'portfolio', 'all',   'never'),
  'reports.usage':         row('all', 'portfolio', 'all',   'own'),
  'reports.read':          row('all', 'portfolio', 'all',   'never'),
  // For report schedules, a CSM's portfolio is the schedules that the CSM created.
  'reports.schedule':      row('all', 'portfolio', 'all',   'never'),
  'periods.read':          row('all', 'all',       'all',   'never'),
  'periods.close':         row('all', 'never',     'all',   'never'),
  'periods.reopen':        row('all', 'never',     'never', 'never'),
  'jobs.manage':           row('all', 'never',     'never', 'never'),
  'clock.manage':          row('all', 'never',     'never', 'never'),
};

export type Permission = keyof typeof permissions;

/** The user of a request. */
export interface Actor {
  userId: string;
  name: string;
  email: string;
  role: Role;
  /** The customer that a user with the role `customer` belongs to; null for every other role. */
  customerId: string | null;
  /** The CSMs whose deputy the user is now (§13). Their own deputyships give no rights: rights do not chain. */
  deputyFor: readonly string[];
  /** The API token of the request. Null: the user is signed in to the console. */
  tokenId: string | null;
}

/** The part of an actor that decides which rows the actor sees. */
export interface Viewer extends Pick<Actor, 'userId' | 'role' | 'customerId' | 'deputyFor'> {
  /** Limits a customer to the rows in these CSMs' portfolios: a CSM cannot send a customer more than the CSM sees. */
  withinPortfoliosOf?: readonly string[];
}

/**
 * The rows that an actor may see under a permission. `portfolio` is the portfolios of these CSMs: the actor first, then those whose
 * deputy the actor is now. `own` with `csmIds` is limited to the portfolios of these CSMs.
 */
export type Visibility =
  | { kind: 'all' }
  | { kind: 'portfolio'; csmIds: readonly string[] }
  | { kind: 'own'; customerId: string; csmIds?: readonly string[] };

export function scopeOf(permission: Permission, role: Role): AccessScope {
  return permissions[permission][role];
}

/**
 * The rows that the actor may see under a permission (§13).
 * @throws Refusal `forbidden` if the role never has the permission
 */
export function visibilityOf(actor: Viewer, permission: Permission): Visibility {
  const scope = scopeOf(permission, actor.role);
  if (scope === 'all') return { kind: 'all' };
  if (scope === 'portfolio') return { kind: 'portfolio', csmIds: portfoliosOf(actor) };
  if (scope === 'never') throw new Refusal('forbidden');
  if (actor.customerId === null) throw new Error(`User ${actor.userId} with the role customer belongs to no customer`);
  return {
    kind: 'own',
    customerId: actor.customerId,
    ...(actor.withinPortfoliosOf !== undefined && { csmIds: actor.withinPortfoliosOf }),
  };
}

/** The CSMs whose portfolios a CSM sees: their own, and those of the CSMs whose deputy they are now. */
export const portfoliosOf = ({ userId, deputyFor }: Pick<Viewer, 'userId' | 'deputyFor'>): string[] => [
  userId,
  ...deputyFor,
];
