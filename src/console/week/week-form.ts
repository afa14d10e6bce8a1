import { createParamDecorator } from '@nestjs/common';
import { isDay, type Day } from '../../domain/calendar.js';
import { plainUnits, readDuration, type PlainUnit } from '../../domain/duration-text.js';
import { mondayOf } from '../../domain/nudge.js';
import { Refusal } from '../../domain/refusal.js';
import { activities, type Activity, type Delivery } from '../../domain/time-entry.js';
import { cellText, type WeekWork } from '../../domain/week-sheet.js';
import { isId } from '../../platform/http/fields.js';
import { requestOf } from '../../platform/http/request.js';

/**
 * What the buttons of the sheet ask for. Only `save` changes something. `live` is a check while the reader still types; `open` shows what was
 * typed before the page was left.
 */
export const sheetVerbs = [
  'save',
  'check',
  'live',
  'open',
  'add',
  'planned',
  'copy-rows',
  'copy-hours',
  'paste',
  'table',
  'events',
] as const;
export type SheetVerb = (typeof sheetVerbs)[number];

/** A row as it was typed. A new row may still lack its subscription, or its consultant and product line. */
export interface FormRow {
  /** Empty if one of several must still be chosen. */
  subscriptionId: string;
  /** The subscriptions to choose from. */
  candidates: readonly string[];
  consultantId: string;
  productLineId: string;
  activity: Activity;
  delivery: Delivery;
  visitId: string | null;
  isNew: boolean;
  /** A new row whose work is settled, such as one of last week: it shows words instead of choices. */
  isFixed: boolean;
  summary: string;
  texts: string[];
  /** The booked minutes that the sheet showed. */
  shownMinutes: number[];
}

/** Which rows the sheet shows. */
export interface SheetPlace {
  monday: Day;
  consultantId?: string;
  customer?: string;
  all: boolean;
  cursor?: string;
}

/** The whole sheet as it was typed. */
export interface SheetForm {
  place: SheetPlace;
  rows: FormRow[];
  reason: string;
  plain: PlainUnit | undefined;
  /** The day that a phone shows, from 0. */
  day: number;
  /** Whose row is to be added. */
  find: string;
  /** A block from a spreadsheet, and the cell on which it was pasted. */
  block: string;
  at: { row: number; day: number } | undefined;
  /** A table with headings. */
  table: string;
  /** The text of a calendar file. */
  calendar: string;
  /** A cell that takes the largest amount that the rules accept. */
  use: { row: number; day: number; text: string } | undefined;
}

/** More rows than a sheet has. */
const mostRows = 250;

/** A form with other values than a browser sends. */
const notOurs = (pointer: string): Refusal =>
  new Refusal('malformed-body', {}, { errors: [{ pointer, code: 'unknown' }] });

/** Parameter decorator: the sheet as it was typed. */
export const TypedSheet = createParamDecorator((_: unknown, context): { verb: SheetVerb; form: SheetForm } => {
  const body = (requestOf(context).body ?? {}) as Fields;
  return { verb: verbOf(body), form: readSheetForm(body) };
});

type Fields = Readonly<Record<string, unknown>>;

function verbOf(body: Fields): SheetVerb {
  const verb = sheetVerbs.find((one) => one === body.do);
  // Enter in a field sends the form without a button.
  return verb ?? 'check';
}

/** @throws Refusal `malformed-body` for values that no page of ours sends */
export function readSheetForm(body: Fields): SheetForm {
  const subscriptions = listOf(body, 'subscription');
  if (subscriptions.length > mostRows) throw new Refusal('payload-too-large');
  const columns = Object.fromEntries(rowFields.map((name) => [name, listOf(body, name)])) as Record<RowField, string[]>;
  const rows = subscriptions.map((subscriptionId, at) =>
    readRow({ ...rowOf(columns, at), subscription: subscriptionId }, `/rows/${at}`),
  );
  const week = textOf(body, 'week');
  const [atRow, atDay] = textOf(body, 'at').split(' ').map(Number);
  const day = Number(textOf(body, 'day'));
  return {
    place: {
      monday: isDay(week) ? mondayOf(week) : refuse('/week'),
      consultantId: optionalId(body, 'consultant'),
      customer: textOf(body, 'customer') || undefined,
      all: textOf(body, 'all') === 'true',
      cursor: textOf(body, 'cursor') || undefined,
    },
    rows,
    reason: textOf(body, 'reason'),
    plain: plainUnits.find((unit) => unit === body.plain),
    day: Number.isInteger(day) && day >= 0 && day <= 6 ? day : 0,
    find: textOf(body, 'find'),
    block: rawOf(body, 'block'),
    at: atRow !== undefined && atDay !== undefined && atRow >= 0 && atDay >= 0 ? { row: atRow, day: atDay } : undefined,
    table: rawOf(body, 'table'),
    calendar: rawOf(body, 'calendar'),
    use: useOf(textOf(body, 'use')),
  };
}

function useOf(text: string): SheetForm['use'] {
  const [, row, day, amount] = /^(\d{1,3}) ([0-6]) (\d{1,4}:\d{2})$/.exec(text) ?? [];
  return amount === undefined ? undefined : { row: Number(row), day: Number(day), text: amount };
}

const dayFields = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6'] as const;
const rowFields = [
  'subscription',
  'candidates',
  'pair',
  'activity',
  'delivery',
  'new',
  'summary',
  'shown',
  ...dayFields,
] as const;
type RowField = (typeof rowFields)[number];

function rowOf(columns: Record<RowField, string[]>, at: number): Record<RowField, string> {
  return Object.fromEntries(rowFields.map((name) => [name, columns[name][at] ?? ''])) as Record<RowField, string>;
}

function readRow(fields: Record<RowField, string>, pointer: string): FormRow {
  const [consultantId = '', productLineId = ''] = fields.pair.split(' ');
  const [delivery = '', visitId] = fields.delivery.split(' ');
  const candidates = fields.candidates.split(' ').filter((id) => id !== '');
  const ids = [fields.subscription, consultantId, productLineId, visitId ?? '', ...candidates];
  if (ids.some((id) => id !== '' && !isId(id))) throw notOurs(pointer);
  if (delivery !== 'remote' && delivery !== 'onsite') throw notOurs(pointer);
  const shown = fields.shown.split(' ').map(Number);
  return {
    subscriptionId: fields.subscription,
    candidates,
    consultantId,
    productLineId,
    activity: activities.find((one) => one === fields.activity) ?? refuse(pointer),
    delivery,
    visitId: visitId ?? null,
    isNew: fields.new !== '',
    isFixed: fields.new !== 'open',
    summary: fields.summary,
    texts: dayFields.map((name) => fields[name]),
    shownMinutes: dayFields.map((_, day) => (Number.isInteger(shown[day]) ? shown[day]! : 0)),
  };
}

function refuse(pointer: string): never {
  throw notOurs(pointer);
}

/** A browser sends a field once, or several times for several rows. */
function listOf(body: Fields, name: string): string[] {
  const value = body[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? one.trim() : ''));
}

const rawOf = (body: Fields, name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : '';
};
const textOf = (body: Fields, name: string): string => rawOf(body, name).trim();

function optionalId(body: Fields, name: string): string | undefined {
  const text = textOf(body, name);
  return text === '' ? undefined : isId(text) ? text : refuse(`/${name}`);
}

/** The work of a row that says everything; undefined if something must still be chosen. */
export function workOfRow(row: FormRow): WeekWork | undefined {
  const { subscriptionId, consultantId, productLineId, activity, delivery, visitId } = row;
  if ([subscriptionId, consultantId, productLineId].includes('')) return undefined;
  return { subscriptionId, consultantId, productLineId, activity, delivery, visitId };
}

/** Whether the text of a cell asks for another sum than the sheet showed. */
export function isTouched({ isNew, texts, shownMinutes }: FormRow, day: number, plain: PlainUnit | undefined): boolean {
  const text = texts[day]!;
  if (text === '') return false;
  const read = readDuration(text, plain);
  return !(read && 'minutes' in read && read.minutes === (isNew ? 0 : shownMinutes[day]));
}

/** What `=` means: the cell to the left, else the same day of the week before. */
export function repeatedTexts(texts: readonly string[], before: readonly number[] | undefined): string[] {
  const repeated: string[] = [];
  texts.forEach((text, day) => {
    const left = repeated[day - 1] ?? '';
    repeated.push(/^[=＝]$/.test(text) ? left || cellText(before?.[day] ?? 0) : text);
  });
  return repeated;
}

/** Parameter decorator: whether a script asks for the sheet alone, without the page around it. */
export const AsksForPart = createParamDecorator(
  (_: unknown, context): boolean => requestOf(context).headers['x-page-part'] === 'week-sheet',
);

/** The address of the sheet of a week. */
export function placePath({ monday, consultantId, customer, all, cursor }: SheetPlace): string {
  const query = new URLSearchParams({ week: monday });
  if (consultantId !== undefined) query.set('consultant', consultantId);
  if (customer !== undefined) query.set('customer', customer);
  if (all) query.set('all', 'true');
  if (cursor !== undefined) query.set('cursor', cursor);
  return `/console/week?${query.toString()}`;
}
