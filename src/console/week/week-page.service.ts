import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { durationText, readDuration } from '../../domain/duration-text.js';
import { placedBlock, readBlock } from '../../domain/sheet-block.js';
import { customersOf } from '../../domain/week-events.js';
import { cellText, copiedWeek, daysOfWeek, workKey, workOf, type WeekRow } from '../../domain/week-sheet.js';
import { comparable, readWeekTable, type WeekTableRow } from '../../domain/week-table.js';
import { readCalendar, type WorkedEvent } from '../../features/week/calendar-events.js';
import { WeekBookingService, type CellOutcome } from '../../features/week/week-booking.service.js';
import { WeekService, type WeekPair, type WeekSheet, type WeekSubscription } from '../../features/week/week.service.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { say } from '../../platform/sentences.js';
import type { KeyOfForm } from '../page/form-key.js';
import type { PageReader } from '../page/console-page.js';
import { minutesText } from '../words/formats.js';
import {
  isTouched,
  repeatedTexts,
  workOfRow,
  type FormRow,
  type SheetForm,
  type SheetPlace,
  type SheetVerb,
} from './week-form.js';
import { faultsOf, plannedOn, type SheetRow } from './week-view.js';
import { weekWords, type WeekWord } from './week.words.js';

/** A sheet with its rows as they were typed, and what the page says. */
export interface ShownSheet {
  place: SheetPlace;
  sheet: WeekSheet;
  rows: SheetRow[];
  form: Pick<SheetForm, 'plain' | 'reason' | 'day' | 'find' | 'block'>;
  said: string | undefined;
  nextCursor: string | null;
  choices: Awaited<ReturnType<WeekService['choices']>>;
  /** Whether a cell was refused. */
  isRefused: boolean;
  /** Whether everything that was typed is booked. */
  isSaved: boolean;
}

/** The most subscriptions that a new row offers. */
const mostCandidates = 20;
/** The most rows of one calendar file or table. */
const mostNewRows = 60;

/** What a verb has done to the typed rows, in words. */
interface Prepared {
  rows: FormRow[];
  said: string[];
}

/** Prepares, checks and saves the week sheet. Only `save` changes something. */
@Injectable()
export class WeekPageService {
  constructor(
    private readonly weeks: WeekService,
    private readonly bookings: WeekBookingService,
    private readonly database: Database,
  ) {}

  /** The sheet as it is booked. */
  async open(tx: Transaction, reader: PageReader, place: SheetPlace): Promise<ShownSheet> {
    const { nextCursor, ...sheet } = await this.weeks.read(tx, reader.actor, place, reader.language);
    const day = Math.max(0, daysOfWeek(place.monday).indexOf(reader.today));
    return {
      place,
      sheet,
      rows: sheet.rows.map((row) => ({ ...bookedRow(row), faults: [] })),
      form: { plain: undefined, reason: '', day, find: '', block: '' },
      said: undefined,
      nextCursor,
      choices: await this.weeks.choices(tx, reader.actor, place.all),
      isRefused: false,
      isSaved: false,
    };
  }

  /** Does what a button of the sheet asks for, and returns the sheet with everything that was typed. */
  async take(reader: PageReader, verb: SheetVerb, typed: SheetForm, key: KeyOfForm | undefined): Promise<ShownSheet> {
    const { actor, language } = reader;
    const prepared = await this.database.read(async (tx) => {
      const changed = await this.#prepare(tx, reader, verb, typed);
      const before = (await this.#sheetOf(tx, reader, { ...typed, rows: changed.rows })).before;
      return { ...changed, rows: changed.rows.map((row) => ({ ...row, texts: repeated(row, before) })) };
    });
    const form = { ...typed, rows: prepared.rows };
    const judges = verb === 'save' || verb === 'check' || verb === 'live';
    const outcomes = judges ? await this.#book(actor, language, verb, form, key) : [];
    const accepted = verb === 'save' ? outcomes.filter(({ refused }) => !refused) : [];
    return this.database.read(async (tx) => {
      const left = withoutBooked(form.rows, accepted);
      const sheet = await this.#sheetOf(tx, reader, form);
      const faulty = new Map(left.map(({ row, from }) => [row, outcomes.filter((outcome) => outcome.row === from)]));
      const rows = mergedRows(
        left.map(({ row }) => row),
        sheet,
        form,
        verb === 'live',
      ).map(({ row, source }): SheetRow => {
        const own = source ? (faulty.get(source) ?? []) : [];
        return { ...row, faults: faultsOf(verb === 'live' ? own.filter(isHard) : own, source ?? row, language) };
      });
      const count = verb === 'planned' ? fillPlanned(rows, sheet) : 0;
      const said = [
        ...prepared.said,
        ...(verb === 'planned' ? [sentence(language, 'saidPlanned', { count })] : []),
        ...(judges ? saidAbout(verb, outcomes, language) : []),
      ];
      const refused = outcomes.filter((outcome) => outcome.refused);
      return {
        place: form.place,
        sheet,
        rows,
        form: { ...form, reason: verb === 'save' && refused.length === 0 ? '' : form.reason, find: '', block: '' },
        said: said.join(' ') || undefined,
        nextCursor: null,
        choices: await this.weeks.choices(tx, actor, form.place.all),
        isRefused: refused.length > 0,
        isSaved: verb === 'save' && refused.length === 0,
      };
    });
  }

  #sheetOf(tx: Transaction, { actor, language }: PageReader, { place, rows }: SheetForm): Promise<WeekSheet> {
    const ids = rows.flatMap(({ subscriptionId, candidates }) => [
      subscriptionId,
      ...candidates.slice(0, mostCandidates),
    ]);
    const known = ids.filter((id) => id !== '');
    return this.weeks.open(tx, actor, place.monday, known, language);
  }

  /** Books the complete rows, or judges them in a dry run. A row that lacks something is refused where it has hours. */
  async #book(
    actor: Actor,
    language: PageReader['language'],
    verb: SheetVerb,
    { place, rows, reason, plain }: SheetForm,
    key: KeyOfForm | undefined,
  ): Promise<CellOutcome[]> {
    const complete = rows.flatMap((row, at) => {
      const work = workOfRow(row);
      const { isNew, summary, texts, shownMinutes } = row;
      return work ? [{ at, typed: { work, isNew, summary, texts, shownMinutes } }] : [];
    });
    const dryRun = verb !== 'save';
    const request = { actor, language, dryRun, idempotency: dryRun ? undefined : key };
    const sheet = { monday: place.monday, rows: complete.map(({ typed }) => typed), reason, plain };
    const outcomes = await this.bookings.book(request, sheet);
    return [
      ...outcomes.map((outcome) => ({ ...outcome, row: complete[outcome.row]!.at })),
      ...rows.flatMap((row, at) => (workOfRow(row) ? [] : missingWork(row, at, plain))),
    ];
  }

  #prepare(tx: Transaction, reader: PageReader, verb: SheetVerb, form: SheetForm): Promise<Prepared> | Prepared {
    switch (verb) {
      case 'add':
        return this.#add(tx, reader, form);
      case 'copy-rows':
      case 'copy-hours':
        return this.#copy(tx, reader, form, verb === 'copy-hours');
      case 'paste':
        return paste(form, reader);
      case 'events':
        return this.#events(tx, reader, form);
      case 'table':
        return this.#table(tx, reader, form);
      default:
        return { rows: withLargest(form), said: [] };
    }
  }

  async #add(tx: Transaction, { actor, language }: PageReader, { place, rows, find }: SheetForm): Promise<Prepared> {
    const text = find;
    if (text === '') return { rows, said: [] };
    const found = await this.weeks.find(tx, actor, text, mostCandidates);
    const [first] = found;
    if (!first) return { rows, said: [sentence(language, 'saidNotFound', { text })] };
    const exact = found.filter(({ customer, code, contractNumber }) => [customer, code, contractNumber].includes(text));
    const chosen = exact.length === 1 ? exact[0] : found.length === 1 ? first : undefined;
    const row = newRow({
      subscriptionId: chosen?.subscriptionId ?? '',
      candidates: chosen ? [] : found.map(({ subscriptionId }) => subscriptionId),
    });
    const [withPair] = await this.#withPairs(tx, actor, place, [row], language);
    const said = chosen
      ? sentence(language, 'saidAdded', { customer: chosen.customer })
      : sentence(language, 'saidChoose', { text });
    return { rows: [...rows, withPair!], said: [said] };
  }

  async #copy(tx: Transaction, reader: PageReader, form: SheetForm, withHours: boolean): Promise<Prepared> {
    const { actor, language } = reader;
    const lastWeek = await this.weeks.lastWeek(tx, actor, form.place);
    const present = form.rows.flatMap((row) => {
      const work = workOfRow(row);
      return work ? [{ work, texts: row.texts }] : [];
    });
    const copied = copiedWeek(lastWeek, present, { withHours });
    const filled = form.rows.map((row) => {
      const work = workOfRow(row);
      const texts = work && copied.fillings.get(workKey(work));
      return texts ? { ...row, texts: [...texts], summary: row.summary } : row;
    });
    const added = copied.rows.map(({ texts, summary, ...work }) =>
      newRow({ ...work, isFixed: true, texts: [...texts], summary }),
    );
    const count = added.length;
    return { rows: [...filled, ...added], said: [sentence(language, 'saidCopied', { count })] };
  }

  /** Makes new rows of the meetings of a calendar file. The customer is only taken from it if it names exactly one. */
  async #events(tx: Transaction, reader: PageReader, form: SheetForm): Promise<Prepared> {
    const { actor, language, timeZone } = reader;
    const { place, rows, calendar } = form;
    const week = readCalendar(calendar, place.monday, { email: actor.email, timeZone });
    if (week === 'not-a-calendar') return { rows, said: [sentence(language, 'saidNotCalendar')] };
    if (week === 'too-large') return { rows, said: [sentence(language, 'saidTooLarge')] };
    const known = await this.weeks.knownCustomers(tx, actor);
    const named = week.events.map((event) => ({ event, customerIds: customersOf(event, known) }));
    const ofCustomers = await this.weeks.ofCustomers(tx, actor, [...new Set(named.flatMap((one) => one.customerIds))]);
    const { subscriptions } = await this.weeks.choices(tx, actor, place.all);
    const proposed = new Map<string, FormRow>();
    for (const { event, customerIds } of named) {
      const own = ofCustomers.filter(({ customerId }) => customerIds.includes(customerId));
      const candidates = (own.length > 0 ? own : subscriptions).map(({ subscriptionId }) => subscriptionId);
      const key = `${event.summary}\n${candidates.join(' ')}`;
      const row = proposed.get(key) ?? eventRow(candidates, event);
      proposed.set(key, withEvent(row, event, place));
    }
    const found = [...proposed.values()].slice(0, mostNewRows);
    const added = await this.#withPairs(tx, actor, place, found, language);
    const said = [sentence(language, 'saidEvents', { count: week.events.length })];
    if (week.leftOut > 0) said.push(sentence(language, 'saidLeftOut', { count: week.leftOut }));
    return { rows: [...rows, ...added], said };
  }

  /** Adds the rows of a table with headings. A row whose names are unknown or fit several is left out and named. */
  async #table(tx: Transaction, { actor, language }: PageReader, form: SheetForm): Promise<Prepared> {
    const { place, rows, table } = form;
    const read = readWeekTable(readBlock(table), daysOfWeek(place.monday));
    if (!read) return { rows, said: [sentence(language, 'saidNoHeadings')] };
    const found = new Map<string, WeekSubscription[]>();
    for (const { customer } of read.slice(0, mostNewRows)) {
      if (customer === '' || found.has(customer)) continue;
      const named = await this.weeks.find(tx, actor, customer, mostCandidates);
      const exact = named.filter((one) =>
        [one.customer, one.code, one.contractNumber].some((name) => isSame(name, customer)),
      );
      const ids = (exact.length > 0 ? exact : named).map(({ subscriptionId }) => subscriptionId);
      const { subscriptions } = await this.weeks.open(tx, actor, place.monday, ids, language);
      found.set(customer, [...subscriptions.values()]);
    }
    const added = read.slice(0, mostNewRows).map((row) => tableRow(row, found.get(row.customer) ?? []));
    const left = read
      .filter((_, at) => added[at] === undefined)
      .map(({ customer, summary }) => customer || summary || '–');
    const kept = added.filter((row) => row !== undefined);
    const said = [sentence(language, 'saidTable', { count: kept.length })];
    if (left.length > 0) {
      said.push(sentence(language, 'saidTableFaults', { count: left.length, rows: left.slice(0, 5).join(', ') }));
    }
    return { rows: [...rows, ...kept], said };
  }

  /** Gives new rows the pair of the primary consultant. */
  async #withPairs(
    tx: Transaction,
    actor: Actor,
    place: SheetPlace,
    rows: readonly FormRow[],
    language: PageReader['language'],
  ): Promise<FormRow[]> {
    const ids = rows.map(({ subscriptionId }) => subscriptionId).filter((id) => id !== '');
    const { subscriptions } = await this.weeks.open(tx, actor, place.monday, ids, language);
    return rows.map((row) => withPair(row, subscriptions.get(row.subscriptionId)?.pairs ?? [], place.consultantId));
  }
}

const sentence = (
  language: PageReader['language'],
  word: WeekWord,
  words: Record<string, string | number> = {},
): string => say(weekWords[language][word], language, words);

const noTexts = (): string[] => Array.from({ length: 7 }, () => '');
const noMinutes = (): number[] => Array.from({ length: 7 }, () => 0);

function newRow(row: Partial<FormRow>): FormRow {
  return {
    subscriptionId: '',
    candidates: [],
    consultantId: '',
    productLineId: '',
    activity: 'technical-advice',
    delivery: 'remote',
    visitId: null,
    summary: '',
    texts: noTexts(),
    isFixed: false,
    ...row,
    isNew: true,
    shownMinutes: noMinutes(),
  };
}

function bookedRow(row: WeekRow): FormRow {
  return {
    ...workOf(row),
    candidates: [],
    isNew: false,
    isFixed: true,
    summary: row.summary,
    texts: row.cells.map(({ minutes }) => cellText(minutes)),
    shownMinutes: row.cells.map(({ minutes }) => minutes),
  };
}

function withPair(row: FormRow, pairs: readonly WeekPair[], consultantId: string | undefined): FormRow {
  if (row.consultantId !== '') return row;
  const pair = pairs.find((one) => one.consultantId === consultantId) ?? pairs[0];
  return pair ? { ...row, consultantId: pair.consultantId, productLineId: pair.productLineId } : row;
}

/** A row for the meetings with one title. */
function eventRow(candidates: readonly string[], { summary }: WorkedEvent): FormRow {
  const [only, ...others] = candidates;
  const isSure = only !== undefined && others.length === 0;
  return newRow({ subscriptionId: isSure ? only : '', candidates: isSure ? [] : candidates, summary });
}

function withEvent(row: FormRow, { day, minutes }: WorkedEvent, { monday }: SheetPlace): FormRow {
  const at = daysOfWeek(monday).indexOf(day);
  const read = readDuration(row.texts[at] ?? '');
  const before = read && 'minutes' in read ? read.minutes : 0;
  return { ...row, texts: row.texts.map((text, nth) => (nth === at ? durationText(before + minutes) : text)) };
}

const isSame = (name: string | null, written: string): boolean =>
  name !== null && comparable(name) === comparable(written);

/** The row of a table, if its names fit one pair of one subscription. A name that the table omits fits every pair. */
function tableRow(
  { consultant, productLine, activity, delivery, summary, texts }: WeekTableRow,
  subscriptions: readonly WeekSubscription[],
): FormRow | undefined {
  const fits = (name: string, written: string): boolean => written === '' || isSame(name, written);
  const found = subscriptions.flatMap(({ subscriptionId, pairs }) =>
    pairs
      .filter((pair) => fits(pair.consultant, consultant) && fits(pair.productLine, productLine))
      .map(({ consultantId, productLineId }) => ({ subscriptionId, consultantId, productLineId })),
  );
  const [only, ...others] = found;
  if (only === undefined || others.length > 0 || activity === undefined) return undefined;
  return newRow({ ...only, activity, delivery, summary, texts: [...texts] });
}

function repeated(row: FormRow, before: WeekSheet['before']): string[] {
  const work = workOfRow(row);
  return repeatedTexts(row.texts, work && before.get(workKey(work)));
}

/** Fills cells from a pasted block. Blank values of the block leave their cells as they are. */
function paste({ rows, block, at }: SheetForm, { language }: PageReader): Prepared {
  if (!at) return { rows, said: [] };
  const place = { row: at.row, column: at.day };
  const cells = placedBlock(readBlock(block), place, { rows: rows.length, columns: 7 }).filter(
    ({ text }) => text !== '',
  );
  const filled = rows.map((row, nth) => ({
    ...row,
    texts: row.texts.map((text, day) => cells.find((cell) => cell.row === nth && cell.column === day)?.text ?? text),
  }));
  return { rows: filled, said: [sentence(language, 'saidPasted', { count: cells.length })] };
}

/** A cell that was refused takes the largest amount that the rules accept. */
const withLargest = ({ rows, use }: SheetForm): FormRow[] =>
  rows.map((row, at) =>
    at === use?.row ? { ...row, texts: row.texts.map((text, day) => (day === use.day ? use.text : text)) } : row,
  );

/** A row without its work cannot be judged. Its hours wait until the work is chosen. */
function missingWork(row: FormRow, at: number, plain: SheetForm['plain']): CellOutcome[] {
  return row.texts.flatMap((_, day): CellOutcome[] =>
    isTouched(row, day, plain)
      ? [{ row: at, day, minutes: 0, warnings: [], refused: { cell: { code: 'work-missing' } } }]
      : [],
  );
}

/** Whether a fault is one of the cell itself. What is typed last, such as the summary, is not missed while the reader still types. */
const isHard = ({ refused }: CellOutcome): boolean =>
  !(refused && 'cell' in refused && ['summary-missing', 'reason-missing', 'work-missing'].includes(refused.cell.code));

/**
 * The rows after a booking, each with its place in the form before. The accepted cells of a new row are booked rows now, so they are
 * cleared; a new row that has nothing else is dropped.
 */
function withoutBooked(rows: readonly FormRow[], accepted: readonly CellOutcome[]): { row: FormRow; from: number }[] {
  return rows.flatMap((row, from) => {
    const days = new Set(accepted.filter((outcome) => outcome.row === from).map(({ day }) => day));
    if (!row.isNew || days.size === 0) return [{ row, from }];
    const texts = row.texts.map((text, day) => (days.has(day) ? '' : text));
    return texts.some((text) => text !== '') ? [{ row: { ...row, texts }, from }] : [];
  });
}

/**
 * Puts what was typed on what is booked now. Untouched cells show what is booked, also if somebody else has changed it; touched cells
 * keep their text. `source` is the typed row. New rows come last.
 */
function mergedRows(
  typed: readonly FormRow[],
  sheet: WeekSheet,
  { plain, place }: Pick<SheetForm, 'plain' | 'place'>,
  isLive: boolean,
): { row: FormRow; source?: FormRow }[] {
  const booked = new Map(sheet.rows.map((row) => [workKey(row), bookedRow(row)]));
  const typedKeys = new Set<string>();
  const found = typed.map((source): { row: FormRow; source: FormRow } => {
    if (source.isNew) {
      const pairs = sheet.subscriptions.get(source.subscriptionId)?.pairs ?? [];
      return { row: withPair(source, pairs, place.consultantId), source };
    }
    const key = workKey(source);
    typedKeys.add(key);
    const shownMinutes = booked.get(key)?.shownMinutes ?? noMinutes();
    const texts = source.texts.map((text, day) => {
      const read = readDuration(text, plain);
      const isBooked = read !== undefined && 'minutes' in read && read.minutes === shownMinutes[day];
      return isBooked || !isTouched(source, day, plain) ? cellText(shownMinutes[day]!) : text;
    });
    return { row: { ...source, texts, shownMinutes }, source };
  });
  // The page of a live check keeps its rows and their order, because a script puts the figures into them.
  if (isLive) return found;
  const others = [...booked].filter(
    ([key, row]) =>
      !typedKeys.has(key) && (place.consultantId === undefined || row.consultantId === place.consultantId),
  );
  const places = new Map([...booked.keys()].map((key, at) => [key, at]));
  const placeOf = ({ row }: { row: FormRow }): number =>
    row.isNew ? Infinity : (places.get(workKey(row)) ?? booked.size);
  return [...found, ...others.map(([, row]) => ({ row }))].sort((one, other) =>
    placeOf(one) === placeOf(other) ? 0 : placeOf(one) - placeOf(other),
  );
}

/** Fills blank cells of days so far with what was planned; returns their number. */
function fillPlanned(rows: readonly SheetRow[], sheet: WeekSheet): number {
  let count = 0;
  for (const row of rows) {
    row.texts.forEach((text, day) => {
      const minutes = plannedOn(sheet, row, day);
      const isOpen = sheet.subscriptions.get(row.subscriptionId)?.days[day]?.state === 'open';
      if (text !== '' || minutes === 0 || !isOpen) return;
      row.texts[day] = cellText(minutes);
      count++;
    });
  }
  return count;
}

/** What was booked, or would be, in a sentence. */
function saidAbout(verb: SheetVerb, outcomes: readonly CellOutcome[], language: PageReader['language']): string[] {
  if (verb === 'live') return [];
  const done = outcomes.filter(({ refused }) => !refused);
  const refused = outcomes.length - done.length;
  const total = (sign: 1 | -1): number => done.reduce((sum, { minutes }) => sum + Math.max(0, sign * minutes), 0);
  const [added, taken] = [total(1), total(-1)];
  const isCheck = verb === 'check';
  const [booked, took] = isCheck
    ? (['saidCheckBooks', 'saidCheckTakes'] as const)
    : (['saidBooked', 'saidTaken'] as const);
  const warnings = [...new Set(done.flatMap((outcome) => outcome.warnings.map(({ detail }) => detail)))];
  return [
    ...(added > 0 ? [sentence(language, booked, { amount: minutesText(added, language) })] : []),
    ...(taken > 0 ? [sentence(language, took, { amount: minutesText(taken, language) })] : []),
    ...(outcomes.length === 0 ? [sentence(language, 'saidNothing')] : []),
    ...(refused > 0 ? [sentence(language, 'saidRefused', { count: refused })] : []),
    ...warnings.slice(0, 3),
  ];
}
