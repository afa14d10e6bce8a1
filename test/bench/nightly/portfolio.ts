import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { parse } from 'yaml';
import { firstCheck } from '../../../src/domain/alerts.js';
import { addDays, type Day } from '../../../src/domain/calendar.js';
import { morningOf } from '../../../src/domain/morning.js';
import { readPackages, type PackageCode } from '../../../src/domain/package.js';
import { reminderSchedule } from '../../../src/domain/notice.js';
import type { ServiceRules } from '../../../src/domain/service-rules.js';
import { termInstants } from '../../../src/domain/term-instants.js';
import { noticeDeadline, termDates } from '../../../src/domain/term.js';
import { firstStatementAt } from '../../../src/domain/usage-statement.js';
import { projectPath } from '../../../src/platform/project-root.js';
import { readServiceRules } from '../../../src/platform/settings/service-rules.js';

export interface PortfolioSize {
  subscriptions: number;
  /** The number of days of a year on which terms start: with 1 all start on one day, with 365 some on each day. */
  spread: number;
}

/** The first day of the earliest terms. */
const firstAnchor: Day = '2026-04-01';
const enteredAt = '2026-03-01T00:00:00Z';
const csms = 50;

/** At these instants the terms that start on `firstAnchor` are due in all zones below, and later terms are not. */
export const moments = {
  reminders: '2026-12-31T18:00:00Z',
  lock: '2027-01-31T12:00:00Z',
  rollOver: '2027-04-01T12:00:00Z',
};

const zones = [
  { timeZone: 'Asia/Tokyo', country: 'JP' },
  { timeZone: 'Asia/Tokyo', country: 'JP' },
  { timeZone: 'America/New_York', country: 'US' },
  { timeZone: 'Europe/Berlin', country: 'DE' },
  { timeZone: 'Asia/Kolkata', country: 'IN' },
];

/** The number of subscriptions with each package, out of ten. */
const mix: Record<PackageCode, number> = { basic: 4, premier: 3, enterprise: 2, dedicated: 1 };

/** Fills the empty tables of a database: each subscription has one term with all its data. */
export async function makePortfolio(databaseUrl: string, { subscriptions, spread }: PortfolioSize): Promise<void> {
  const rules = readServiceRules(projectPath('config', 'service.yaml'));
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('create table bench_size (subscriptions integer, spread integer, zones integer, csms integer)');
    await client.query('insert into bench_size values ($1, $2, $3, $4)', [subscriptions, spread, zones.length, csms]);
    await createTable(client, 'bench_zones', 'place integer, time_zone text, country text', zonesInOrder());
    await createTable(client, 'bench_packages', packageColumns, packages(rules));
    await createTable(client, 'bench_days', dayColumns, daysOfTerms(spread, rules));
    // All statements are sent together, so they run in one transaction: subscriptions and their terms refer to each other.
    await client.query(readFileSync(projectPath('test', 'bench', 'nightly', 'portfolio.sql'), 'utf8'));
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

async function createTable(client: Client, table: string, columns: string, rows: readonly object[]): Promise<void> {
  await client.query(`create table ${table} (${columns})`);
  await client.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}

function zonesInOrder() {
  return zones.map(({ timeZone, country }, place) => ({ place, time_zone: timeZone, country }));
}

const packageColumns = `first_place integer, last_place integer, code text, version text, name_en text, name_ja text,
  granted_minutes_sold integer, onsite_cap_percent integer, onsite_cap_minutes integer, max_visits integer,
  learning_seats integer, max_consultants integer, max_product_lines integer, alert_from_minutes integer`;

/** The newest version of each package, which the service would sell and renew. */
function packages(rules: ServiceRules) {
  const table = readPackages(parse(readFileSync(projectPath('config', 'packages.yaml'), 'utf8')));
  let place = 0;
  return Object.entries(mix).map(([code, share]) => {
    const { version, name, grantedMinutes, onsite, ...sold } = table[code as PackageCode][0]!;
    return {
      first_place: place,
      last_place: (place += share) - 1,
      code,
      version,
      name_en: name.en,
      name_ja: name.ja,
      granted_minutes_sold: grantedMinutes,
      onsite_cap_percent: onsite.capPercent,
      onsite_cap_minutes: onsite.capMinutes,
      max_visits: onsite.maxVisits,
      learning_seats: sold.learningSeats,
      max_consultants: sold.maxConsultants,
      max_product_lines: sold.maxProductLines,
      alert_from_minutes: firstCheck({ anchor: firstAnchor, number: 0, grantedMinutes }, rules).fromMinutes,
    };
  });
}

const dayColumns = `time_zone text, place integer, term integer, starts_on date, ends_on date,
  notice_days integer, notice_deadline_on date, starts_at timestamptz, ends_at timestamptz, lock_at timestamptz, next_reminder_at timestamptz,
  next_alert_at timestamptz, next_statement_at timestamptz, second_reminder_at timestamptz`;

/** The days and instants of the terms that start on each day of the portfolio and of the terms after them, in each zone. */
function daysOfTerms(spread: number, rules: ServiceRules) {
  const anchors = Array.from({ length: spread }, (_, place) => addDays(firstAnchor, place * Math.floor(365 / spread)));
  return [...new Set(zones.map(({ timeZone }) => timeZone))].flatMap((timeZone) =>
    anchors.flatMap((anchorOn, place) => [
      { place, ...dayOfTerm({ anchorOn, term: 0, timeZone }, new Date(enteredAt), rules) },
      { place, ...dayOfTerm({ anchorOn, term: 1, timeZone }, new Date(moments.rollOver), rules) },
    ]),
  );
}

function dayOfTerm(
  { anchorOn, term, timeZone }: { anchorOn: Day; term: number; timeZone: string },
  openedAt: Date,
  rules: ServiceRules,
) {
  const { startsOn, endsOn } = termDates(anchorOn, term);
  const noticeDeadlineOn = noticeDeadline(endsOn, rules.noticeDays);
  const instants = termInstants({ startsOn, endsOn, noticeDeadlineOn, timeZone }, openedAt, rules);
  return {
    time_zone: timeZone,
    term,
    starts_on: startsOn,
    ends_on: endsOn,
    notice_days: rules.noticeDays,
    notice_deadline_on: noticeDeadlineOn,
    starts_at: instants.startsAt,
    ends_at: instants.endsAt,
    lock_at: instants.lockAt,
    next_reminder_at: instants.nextReminderAt,
    next_alert_at: morningOf(firstCheck({ anchor: anchorOn, number: term, grantedMinutes: 0 }, rules).nextOn, timeZone),
    next_statement_at: firstStatementAt({ anchorOn, number: term, timeZone }),
    second_reminder_at: reminderSchedule(endsOn, rules.reminderDays, timeZone)[1]!.at,
  };
}
