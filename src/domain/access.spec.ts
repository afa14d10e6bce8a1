import { permissions, roles, scopeOf, visibilityOf, type Actor, type Permission, type Role } from './access.js';
import { Refusal } from './refusal.js';

function actor(role: Role): Actor {
  const customerId = role === 'customer' ? 'customer-1' : null;
  return {
    userId: 'user-1',
    name: 'Aoi',
    email: 'aoi@example.com',
    role,
    customerId,
    deputyFor: [],
    tokenId: 'token-1',
  };
}

const all = { kind: 'all' };
const portfolio = { kind: 'portfolio', csmIds: ['user-1'] };
const own = { kind: 'own', customerId: 'customer-1' };

describe('visibilityOf (§13)', () => {
  // prettier-ignore
  test.each<[Permission, object | null, object | null, object | null, object | null]>([
    //                     admin csm        finance customer
    ['packages.read',       all,  all,       all,    all ],
    ['me.read',             all,  all,       all,    all ],
    ['me.write',            all,  all,       all,    all ],
    ['tokens.own',          all,  all,       all,    all ],
    ['tokens.others',       all,  null,      null,   null],
    ['sessions.own',        all,  all,       all,    all ],
    ['sessions.others',     all,  null,      null,   null],
    ['customers.read',      all,  portfolio, all,    own ],
    ['customers.write',     all,  portfolio, null,   null],
    ['consultants.read',    all,  all,       all,    null],
    ['consultants.write',   all,  null,      null,   null],
    ['subscriptions.read',  all,  portfolio, all,    own ],
    ['subscriptions.write', all,  portfolio, null,   null],
    ['upgrades.write',      all,  portfolio, null,   null],
    ['top-ups.read',        all,  portfolio, all,    own ],
    ['top-ups.enter',       all,  portfolio, null,   null],
    ['top-ups.goodwill',    all,  null,      null,   null],
    ['top-ups.cancel',      all,  null,      null,   null],
    ['allocations.write',   all,  portfolio, null,   null],
    ['visits.write',        all,  portfolio, null,   null],
    ['expenses.read',       all,  portfolio, all,    null],
    ['expenses.write',      all,  portfolio, null,   null],
    ['seats.assign',        all,  portfolio, null,   own ],
    ['time-entries.read',   all,  portfolio, all,    own ],
    ['time-entries.log',    all,  portfolio, null,   null],
    ['planned-sessions.read',  all, portfolio, all,  own ],
    ['planned-sessions.write', all, portfolio, null, null],
    ['balances.read',       all,  portfolio, all,    own ],
    ['ledger.verify',       all,  portfolio, all,    null],
    ['notices.give',        all,  portfolio, null,   own ],
    ['notices.withdraw',    all,  portfolio, null,   own ],
    ['notices.waive',       all,  null,      null,   null],
    ['notices.read',        all,  portfolio, all,    own ],
    ['today.read',          all,  portfolio, null,   null],
    ['own-pages.use',       null, null,      null,   own ],
    ['attention.read',      all,  portfolio, all,    null],
    ['evidence.read',       all,  portfolio, all,    null],
    ['reports.usage',       all,  portfolio, all,    own ],
    ['reports.read',        all,  portfolio, all,    null],
    ['periods.close',       all,  null,      all,    null],
    ['periods.reopen',      all,  null,      null,   null],
    ['jobs.manage',         all,  null,      null,   null],
    ['clock.manage',        all,  null,      null,   null],
  ])('%s', (permission, ...sights) => {
    const seen = (['admin', 'csm', 'finance', 'customer'] as const).map((role) =>
      scopeOf(permission, role) === 'never' ? null : visibilityOf(actor(role), permission),
    );
    expect(seen).toEqual(sights);
  });

  test('a role without a permission is refused', () => {
    expect(() => visibilityOf(actor('finance'), 'time-entries.log')).toThrow(new Refusal('forbidden'));
  });

  test('a user with the role customer must belong to a customer', () => {
    expect(() => visibilityOf({ ...actor('customer'), customerId: null }, 'balances.read')).toThrow(
      'belongs to no customer',
    );
  });
});

test('a deputy sees the portfolios of both; only the role csm gains by it', () => {
  const deputy = (role: Role) => visibilityOf({ ...actor(role), deputyFor: ['csm-1', 'csm-2'] }, 'subscriptions.read');
  expect(deputy('csm')).toEqual({ kind: 'portfolio', csmIds: ['user-1', 'csm-1', 'csm-2'] });
  expect([deputy('admin'), deputy('finance'), deputy('customer')]).toEqual([all, all, own]);
});

test('a report that a CSM sends to a customer contains only the customer’s rows in the portfolio of that CSM', () => {
  expect(visibilityOf({ ...actor('customer'), withinPortfoliosOf: ['csm-1', 'csm-2'] }, 'reports.usage')).toEqual({
    ...own,
    csmIds: ['csm-1', 'csm-2'],
  });
});

test('the admin may use every route except the pages for customers; only a csm has the scope portfolio, only a customer the scope own', () => {
  for (const permission of Object.keys(permissions) as Permission[]) {
    const scopes = Object.fromEntries(roles.map((role) => [role, scopeOf(permission, role)]));
    expect(scopes).toEqual({
      admin: permission === 'own-pages.use' ? 'never' : 'all',
      csm: expect.stringMatching(/^(all|portfolio|never)$/),
      finance: expect.stringMatching(/^(all|never)$/),
      customer: expect.stringMatching(/^(all|own|never)$/),
    });
  }
});
