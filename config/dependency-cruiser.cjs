/** Import rules. `npm run check` applies them to the code; test/house.spec.ts shows that each rule finds violations. */

/** The rooms in order. Each room may import from the rooms before it. */
const rooms = [
  'packages',
  'people',
  'sign-in',
  'customers',
  'periods',
  'ledger',
  'due-work',
  'subscriptions',
  'top-ups',
  'allocations',
  'onsite',
  'learning',
  'planning',
  'hours',
  'balances',
  'outlook',
  'imports',
  'notices',
  'renewals',
  'evidence',
  'usage',
  'reports',
  'statements',
  'schedules',
  'mails',
  'attention',
  'nudges',
  'what-if',
  'today',
  'week',
  'portfolio',
  'quick-entry',
  'find',
  'webhooks',
];

const anyRoom = `^src/features/(${rooms.join('|')})/`;
const spec = '\\.spec\\.tsx?$';

/** Files that other rooms may import: services, DTOs, pictures, modules, and plain values in files without a role (`account.ts`). */
const openToOthers = [
  '\\.(service|dto|picture|module)\\.ts$',
  '/[^/.]+\\.ts$',
  // The one store that several rooms may use directly: it contains all ways to lock a subscription.
  '/subscription-lock\\.store\\.ts$',
];

const inLine = rooms.slice(0, -1).map((room, place) => ({
  name: `rooms-in-line-${room}`,
  comment: 'A room uses only the rooms that stand before it.',
  severity: 'error',
  from: { path: `^src/features/${room}/` },
  to: { path: `^src/features/(${rooms.slice(place + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'domain-imports-nothing',
      comment: 'The contract is plain values and pure functions: nothing from outside src/domain.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: [spec, '^src/domain/calendar\\.ts$'] },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'calendar-imports-temporal-only',
      comment: 'The calendar alone takes its arithmetic from outside, and only from temporal-polyfill.',
      severity: 'error',
      from: { path: '^src/domain/calendar\\.ts$' },
      to: { pathNot: ['^src/domain/', 'node_modules/temporal-(polyfill|spec|utils)/'] },
    },
    {
      name: 'domain-specs-import-little',
      comment:
        'Tables and properties need no database: fast-check, the published table, the catalogues, calendar arithmetic.',
      severity: 'error',
      from: { path: `^src/domain/.*${spec}` },
      to: {
        pathNot: [
          '^src/domain/',
          'node_modules/(fast-check|yaml|temporal-polyfill|intl-messageformat)/',
          '^(node:)?(fs|path)$',
        ],
      },
    },
    {
      name: 'platform-knows-the-domain-only',
      comment: 'Mechanics have no opinion about what is built on them.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/(platform|domain)/' },
    },
    {
      name: 'rooms-are-listed',
      comment: 'A new room takes its place in the line above.',
      severity: 'error',
      from: {},
      to: { path: '^src/features/', pathNot: anyRoom },
    },
    ...inLine,
    {
      name: 'rooms-meet-at-services',
      comment: "A room's tables and pages are its own: others ask its service.",
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: ['^src/features/$1/', ...openToOthers] },
    },
    {
      name: 'rooms-know-no-callers',
      comment: 'Jobs, console and demo use the rooms, not the other way round.',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/', pathNot: '^src/(features|platform|domain)/' },
    },
    {
      name: 'jobs-call-services',
      comment: 'A job is a request without a visitor: it calls the same services.',
      severity: 'error',
      from: { path: '^src/jobs/' },
      to: {
        path: '^src/',
        pathNot: ['^src/(jobs|platform|domain)/', ...openToOthers.map((role) => `^src/features/.*${role}`)],
      },
    },
    {
      name: 'console-calls-services',
      comment: 'Pages show what services answer; they never reach for tables.',
      severity: 'error',
      from: { path: '^src/console/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(console|platform|domain)/',
          ...openToOthers.map((role) => `^src/(features|jobs)/.*${role}`),
          '^src/jobs/[^/.]+\\.ts$',
        ],
      },
    },
    {
      name: 'browser-imports-nothing-of-the-service',
      comment: 'Scripts of pages run in the browser: they know the service by its addresses alone.',
      severity: 'error',
      from: { path: '^src/console/browser/' },
      to: { path: '^src/', pathNot: '^src/console/browser/' },
    },
    {
      name: 'service-imports-nothing-of-the-browser',
      comment: 'Scripts of pages are compiled on their own.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/console/browser/' },
      to: { path: '^src/console/browser/' },
    },
    {
      name: 'controllers-call-services',
      comment: 'A controller is HTTP in and out: it neither reads tables nor knows how they are kept.',
      severity: 'error',
      from: { path: '\\.controller\\.tsx?$' },
      to: { path: '\\.(store|entity)\\.ts$' },
    },
    {
      name: 'demo-is-a-client',
      comment: 'The demonstration goes through the public REST interface alone.',
      severity: 'error',
      from: { path: '^src/demo/' },
      to: { path: '^src/', pathNot: '^src/demo/' },
    },
    {
      name: 'demo-stands-apart',
      comment: 'The service does not know that it is demonstrated.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/demo/' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'import-is-a-client',
      comment: 'The command that imports a file goes through the public REST interface alone.',
      severity: 'error',
      from: { path: '^src/import/' },
      to: { path: '^src/', pathNot: '^src/import/' },
    },
    {
      name: 'import-stands-apart',
      comment: 'The service does not know who sends it files.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/import/' },
      to: { path: '^src/import/' },
    },
    {
      name: 'no-test-code-in-the-service',
      comment: 'What runs in production does not depend on what tests it.',
      severity: 'error',
      from: { path: '^src/', pathNot: spec },
      to: { path: ['^test/', spec] },
    },
    {
      name: 'no-development-dependency-in-the-service',
      comment: '`npm ci --omit=dev` has all that the service needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: spec },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circle',
      comment: 'Who depends on whom can be told in one direction.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable-import',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-barrel',
      comment: 'A name is imported from where it is written.',
      severity: 'error',
      from: { path: '^(src|test)/' },
      to: { path: '^(src|test)/.*/index\\.tsx?$' },
    },
    {
      name: 'no-dead-file',
      comment: 'What no entry reaches is not part of the service.',
      severity: 'error',
      from: { path: '^src/(main\\.ts$|demo/|import/)' },
      to: {
        path: '^src/',
        pathNot: [spec, '\\.d\\.ts$', '^src/main\\.ts$', '^src/(demo|import)/', '^src/console/browser/'],
        reachable: false,
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    moduleSystems: ['cjs', 'es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.cjs', '.js'],
    },
  },
};
