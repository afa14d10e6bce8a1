import { isDay, type Day } from './calendar.js';
import { minutesPerHour, percentOf } from './minutes.js';
import { termMonths } from './term.js';

export const packageCodes = ['basic', 'premier', 'enterprise', 'dedicated'] as const;
export type PackageCode = (typeof packageCodes)[number];

const travelExpensesChoices = ['included', 'not-applicable'] as const;
export type TravelExpenses = (typeof travelExpensesChoices)[number];

/** One column of the published table (§1) at one version. */
export interface PackageVersion {
  code: PackageCode;
  version: string;
  effectiveOn: Day;
  name: { en: string; ja: string };
  grantedMinutes: number;
  /** `maxVisits` null means any number. */
  onsite: { included: boolean; capPercent: number; capMinutes: number; maxVisits: number | null };
  travelExpenses: TravelExpenses;
  learningSeats: number;
  maxConsultants: number;
  maxProductLines: number;
  termMonths: number;
}

/** The versions of each package, newest first. */
export type PackageTable = Readonly<Record<PackageCode, readonly PackageVersion[]>>;

/** All mistakes of the package table, each with its place. */
export class PackageTableError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`config/packages.yaml: ${problems.join('; ')}`);
    this.name = 'PackageTableError';
  }
}

/**
 * Reads the parsed `config/packages.yaml`.
 * @throws PackageTableError that names every mistake in it
 */
export function readPackages(plain: unknown): PackageTable {
  const reading = new TableReading();
  const blocks = reading.block(plain, 'packages', packageCodes);
  const table = Object.fromEntries(packageCodes.map((code) => [code, versionsOf(reading, code, blocks[code])]));
  if (reading.problems.length > 0) throw new PackageTableError(reading.problems);
  return table as unknown as PackageTable;
}

/** The newest version that is effective on a day; undefined before the first one. */
export function packageOn(table: PackageTable, code: PackageCode, day: Day): PackageVersion | undefined {
  return table[code].find((version) => version.effectiveOn <= day);
}

/**
 * The package of the next term (§10, §11): the next package if one is set, or else the present one, at its newest version on
 * the first day of the next term. Reminders and the roll-over both use this function.
 */
export function packageAtRenewal(
  table: PackageTable,
  { package: present, nextPackage }: { package: PackageCode; nextPackage: PackageCode | null },
  startsOn: Day,
): PackageVersion {
  const code = nextPackage ?? present;
  return packageOn(table, code, startsOn) ?? table[code].at(-1)!;
}

/** Whether no limit of the new package is lower and at least one is higher (§10). Any other change is a downgrade or no change. */
export function isUpgrade(from: PackageVersion, to: PackageVersion): boolean {
  const before = comparedNumbers(from);
  const after = comparedNumbers(to);
  return after.every((number, at) => number >= before[at]!) && after.some((number, at) => number > before[at]!);
}

/**
 * Whether an upgrade replaces the next package that was set (§10): the next package is the new one, or it was an upgrade and is
 * no longer better than the new one. Example: Basic with next package Premier is upgraded to Enterprise. A renewal to Premier
 * would now be a downgrade that no one wanted. A next package that was a downgrade from the start stays.
 */
export function isOvertaken(next: PackageVersion, { from, to }: { from: PackageVersion; to: PackageVersion }): boolean {
  const wasDowngrade = next.code !== from.code && !isUpgrade(from, next);
  return next.code === to.code || (!wasDowngrade && !isUpgrade(to, next));
}

function comparedNumbers({ grantedMinutes, onsite, ...sold }: PackageVersion): number[] {
  return [
    grantedMinutes,
    onsite.capPercent,
    onsite.capMinutes,
    onsite.maxVisits ?? Infinity,
    sold.learningSeats,
    sold.maxConsultants,
    sold.maxProductLines,
  ];
}

const versionFields = [
  'version',
  'effectiveOn',
  'name',
  'hours',
  'onsite',
  'travelExpenses',
  'learningSeats',
  'consultants',
  'productLines',
  'months',
] as const;

function versionsOf(reading: TableReading, code: PackageCode, plain: unknown): PackageVersion[] {
  if (!Array.isArray(plain) || plain.length === 0) {
    reading.refuse(code, 'must be a list of versions');
    return [];
  }
  const versions = plain.map((version, at) => versionOf(reading, code, `${code}[${at}]`, version));
  for (const field of ['version', 'effectiveOn'] as const) {
    const values = versions.map((version) => version[field]);
    if (new Set(values).size < values.length) reading.refuse(code, `has two versions with the same ${field}`);
  }
  return versions.sort((one, other) => (one.effectiveOn < other.effectiveOn ? 1 : -1));
}

function versionOf(reading: TableReading, code: PackageCode, path: string, plain: unknown): PackageVersion {
  const fields = reading.block(plain, path, versionFields);
  const name = reading.block(fields.name, `${path}.name`, ['en', 'ja']);
  const grantedMinutes = reading.integer(fields.hours, `${path}.hours`, 1, 100_000) * minutesPerHour;
  return {
    code,
    version: reading.text(fields.version, `${path}.version`),
    effectiveOn: reading.day(fields.effectiveOn, `${path}.effectiveOn`),
    name: { en: reading.text(name.en, `${path}.name.en`), ja: reading.text(name.ja, `${path}.name.ja`) },
    grantedMinutes,
    onsite: onsiteOf(reading, `${path}.onsite`, fields.onsite, grantedMinutes),
    travelExpenses: reading.oneOf(fields.travelExpenses, `${path}.travelExpenses`, travelExpensesChoices),
    learningSeats: reading.integer(fields.learningSeats, `${path}.learningSeats`, 0, 1000),
    maxConsultants: reading.integer(fields.consultants, `${path}.consultants`, 1, 1000),
    maxProductLines: reading.integer(fields.productLines, `${path}.productLines`, 1, 1000),
    termMonths: reading.integer(fields.months, `${path}.months`, termMonths, termMonths),
  };
}

function onsiteOf(
  reading: TableReading,
  path: string,
  plain: unknown,
  grantedMinutes: number,
): PackageVersion['onsite'] {
  if (plain === 'not included') return { included: false, capPercent: 0, capMinutes: 0, maxVisits: 0 };
  const fields = reading.block(plain, path, ['percent', 'visits']);
  const capPercent = reading.integer(fields.percent, `${path}.percent`, 1, 100);
  const maxVisits = fields.visits === 'any' ? null : reading.integer(fields.visits, `${path}.visits`, 1, 1000);
  return { included: true, capPercent, capMinutes: percentOf(grantedMinutes, capPercent), maxVisits };
}

/** Collects mistakes and continues with placeholder values, so one start shows every mistake. */
class TableReading {
  readonly problems: string[] = [];

  refuse(path: string, problem: string): void {
    this.problems.push(`${path} ${problem}`);
  }

  block<Field extends string>(plain: unknown, path: string, fields: readonly Field[]): Partial<Record<Field, unknown>> {
    if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
      this.refuse(path, `must have the fields ${fields.join(', ')}`);
      return {};
    }
    for (const field of Object.keys(plain)) {
      if (!(fields as readonly string[]).includes(field)) this.refuse(`${path}.${field}`, 'is not known');
    }
    return plain;
  }

  integer(plain: unknown, path: string, least: number, most: number): number {
    if (Number.isInteger(plain) && (plain as number) >= least && (plain as number) <= most) return plain as number;
    this.refuse(path, least === most ? `must be ${least}` : `must be a whole number from ${least} to ${most}`);
    return least;
  }

  text(plain: unknown, path: string): string {
    if (typeof plain === 'string' && plain.trim() !== '') return plain;
    this.refuse(path, 'must be a text');
    return '';
  }

  day(plain: unknown, path: string): Day {
    if (isDay(plain)) return plain;
    this.refuse(path, 'must be a day, YYYY-MM-DD');
    return '';
  }

  oneOf<Choice extends string>(plain: unknown, path: string, choices: readonly Choice[]): Choice {
    if ((choices as readonly unknown[]).includes(plain)) return plain as Choice;
    this.refuse(path, `must be one of ${choices.join(', ')}`);
    return choices[0]!;
  }
}
