import { yearEndsOn, yearStartsOn } from '../cast.js';
import { heading, subheading } from '../printer.js';
import { readTimeEntries, type DemoEntryRow } from '../time-entries.js';
import type { World } from '../world.js';
import { contracts } from './contracts.js';
import { importHistory } from './elsewhere.js';
import { finance } from './finance.js';
import { hours } from './hours.js';
import { bookEntries, completeVisits, News, planVisits } from './month.js';
import { plans } from './plans.js';
import { portfolio } from './portfolio.js';
import type { Scene } from './scene.js';

/** The day before 1 April, so that the contracts are entered before they start. */
export const startsAt = '2026-03-31T01:00:00Z';
const endsAt = '2027-04-02T00:00:00Z';

/** All scenes, in the order of time. */
export const scenes: readonly Scene[] = [...contracts, ...hours, ...finance, ...plans, ...portfolio].sort(
  (one, other) => compare(one.at, other.at),
);

/** Imports the history of the existing contracts, then plays twelve months and the first days of the next year. */
export async function playYear(world: World): Promise<void> {
  const rows = readTimeEntries();
  const news = new News(world);
  await news.tell();
  heading('Before the first of April', 'hours already worked on the existing contracts, imported from a file');
  importHistory(
    world,
    rows.filter(({ workDate }) => workDate < yearStartsOn),
  );

  for (const month of months())
    await playMonth(
      world,
      news,
      month,
      rows.filter(({ workDate }) => workDate.startsWith(month)),
    );

  heading('A new year');
  await goTo(world, news, endsAt);
  news.tellFrequentMails();
}

/** Plays a month: visits are planned on the first day, time is logged on the last day, and scenes are played on their days. */
async function playMonth(world: World, news: News, month: string, rows: DemoEntryRow[]): Promise<void> {
  heading(new Date(month).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }));
  const ofMonth = scenes.filter(({ at }) => at.startsWith(month));
  const entryTime = noon(lastDayOf(month));

  await goTo(world, news, `${month}-01T02:00:00Z`);
  await planVisits(world, month);
  for (const scene of ofMonth.filter(({ at }) => at < entryTime)) await playScene(world, news, scene);
  await goTo(world, news, entryTime);
  await bookEntries(world, rows);
  await completeVisits(world, month);
  for (const scene of ofMonth.filter(({ at }) => at >= entryTime)) await playScene(world, news, scene);
  news.tellFrequentMails();
}

async function playScene(world: World, news: News, { at, title, play }: Scene): Promise<void> {
  await goTo(world, news, at);
  subheading(title, `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`);
  await play(world);
}

/** Advances the clock. The service runs everything that falls due on the way before it answers. */
async function goTo(world: World, news: News, to: string): Promise<void> {
  await world.admin.post('/v1/clock/advance', { to });
  await news.tell();
}

/** Noon UTC: at this hour all zones of the story have the same day. */
const noon = (day: string): string => `${day}T12:00:00Z`;

function months(): string[] {
  const found: string[] = [];
  const date = new Date(yearStartsOn);
  for (; date.toISOString() < yearEndsOn; date.setUTCMonth(date.getUTCMonth() + 1)) {
    found.push(date.toISOString().slice(0, 7));
  }
  return found;
}

function lastDayOf(month: string): string {
  const date = new Date(month);
  date.setUTCMonth(date.getUTCMonth() + 1, 0);
  return date.toISOString().slice(0, 10);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
