import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isTimeZone } from '../../domain/calendar.js';
import type { ServiceRules } from '../../domain/service-rules.js';
import { ConfigError } from './config.js';

const limits = {
  noticeDays: { least: 1, most: 300 },
  lateEntryDays: { least: 0, most: 365 },
  consultantDayMinutes: { least: 1, most: 1440 },
  paceTolerancePercent: { least: 0, most: 100 },
  forecastDays: { least: 1, most: 366 },
  customerAlertPercent: { least: 1, most: 100 },
  behindAlertMonths: { least: 1, most: 12 },
  expiryAlertDays: { least: 1, most: 300 },
  noticeNearDays: { least: 1, most: 365 },
  noEntryDays: { least: 1, most: 365 },
  behindPlanMonths: { least: 1, most: 12 },
  plannedSessionGraceDays: { least: 0, most: 60 },
  lateEntryClosingDays: { least: 0, most: 365 },
  fiscalYearStartMonth: { least: 1, most: 12 },
  reportAttachmentMegabytes: { least: 1, most: 15 },
  reportLinkDays: { least: 1, most: 90 },
} satisfies Partial<Record<keyof ServiceRules, { least: number; most: number }>>;

const lists = {
  reminderDays: { least: 1, most: 365, order: 'smaller' },
  usageAlertPercents: { least: 1, most: 100, order: 'greater' },
} as const satisfies Partial<Record<keyof ServiceRules, { least: number; most: number; order: 'smaller' | 'greater' }>>;

const zones = ['houseTimeZone'] as const satisfies (keyof ServiceRules)[];

/**
 * Reads and checks `config/service.yaml`.
 * @throws ConfigError with all wrong values at once
 */
export function readServiceRules(path: string): ServiceRules {
  const found = readYaml(path);
  const problems = Object.keys(found)
    .filter((name) => !(name in lists) && !(name in limits) && !zones.some((zone) => zone === name))
    .map((name) => `${name}: no such setting`);
  for (const [name, { least, most }] of Object.entries(limits)) {
    if (!isWhole(found[name], least, most)) problems.push(`${name}: must be a whole number from ${least} to ${most}`);
  }
  for (const [name, { least, most, order }] of Object.entries(lists)) {
    if (!isList(found[name], least, most, order)) {
      problems.push(
        `${name}: must be a list of whole numbers from ${least} to ${most}, each ${order} than the one before`,
      );
    }
  }
  for (const name of zones) {
    if (!isTimeZone(found[name])) problems.push(`${name}: must name a time zone, as Asia/Tokyo`);
  }
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${path}: ${problem}`));
  return found as unknown as ServiceRules;
}

function readYaml(path: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError([`${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError([`${path}: must be a list of settings`]);
  }
  return content as Record<string, unknown>;
}

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const isList = (value: unknown, least: number, most: number, order: 'smaller' | 'greater'): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (one, at) =>
      isWhole(one, least, most) && (at === 0 || (order === 'smaller' ? one < value[at - 1] : one > value[at - 1])),
  );
