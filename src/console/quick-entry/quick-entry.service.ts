import { Injectable } from '@nestjs/common';
import { isDay } from '../../domain/calendar.js';
import { durationText, readDuration } from '../../domain/duration-text.js';
import type { FieldError } from '../../domain/field-errors.js';
import type { DraftField, DraftFields } from '../../domain/quick-entry-draft.js';
import { readQuickEntry, severities, type PartName } from '../../domain/quick-entry.js';
import { Refusal } from '../../domain/refusal.js';
import { activities, deliveries } from '../../domain/time-entry.js';
import { HoursService, type BookingRequest } from '../../features/hours/hours.service.js';
import {
  NewTimeEntry,
  type LoggedEntryAnswer,
  type ReversedEntryAnswer,
  type TimeEntryAnswer,
} from '../../features/hours/time-entry.dto.js';
import { QuickEntryService, type QuickEntryRead } from '../../features/quick-entry/quick-entry.service.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { isId } from '../../platform/http/fields.js';
import { check } from '../../platform/http/validation.js';
import type { PageReader } from '../page/console-page.js';
import type { KeyOfForm } from '../page/form-key.js';
import type { QuickEntryForm, QuickEntryQuery } from './quick-entry.form.js';

/** What a booking would lead to, by the same rules. */
export type QuickEntryPreview = LoggedEntryAnswer | { refusal: Refusal };

/** All that the page shows. */
export interface QuickEntryView {
  line: string;
  read: QuickEntryRead;
  /** The text of each field. */
  typed: Partial<Record<DraftField, string>>;
  /** The fields that the reader has set beside the line. */
  set: readonly DraftField[];
  /** The number in the field of the duration, if it can be hours or minutes. */
  ambiguousMinutes: number | undefined;
  /** Undefined while something is missing or open. */
  preview: QuickEntryPreview | undefined;
  /** The refusal of the entry that was to be logged. */
  refusal: Refusal | undefined;
}

/** The entry that was logged, and the customer's name. */
export interface LoggedQuickEntry extends LoggedEntryAnswer {
  customer: string;
}

/** The page of the quick entry: reads the line, and judges and logs the entry. */
@Injectable()
export class QuickEntryPageService {
  constructor(
    private readonly entries: QuickEntryService,
    private readonly hours: HoursService,
    private readonly database: Database,
  ) {}

  /** Reads the line and the fields that the reader has set. A complete entry is judged, too. */
  async read(reader: PageReader, query: QuickEntryQuery): Promise<QuickEntryView> {
    const view = await this.database.read((tx) => this.#view(tx, reader, query, setFields(query, reader)));
    const { fields, missing, lineQuestions, nameQuestions } = view.read;
    if (missing.length + lineQuestions.length + nameQuestions.length > 0 || view.ambiguousMinutes !== undefined) {
      return view;
    }
    const { subscriptionId: _, ...values } = fields;
    const body = Object.fromEntries(Object.entries(values).map(([field, { value }]) => [field, value]));
    return { ...view, preview: await this.#preview(reader, fields.subscriptionId!.value, body) };
  }

  /** The page after a refusal: every field as it was typed. */
  again(tx: Transaction, reader: PageReader, form: QuickEntryForm, refusal: Refusal): Promise<QuickEntryView> {
    const set = entryFields.filter((field) => form[field] !== undefined);
    return this.#view(tx, reader, form, set, refusal);
  }

  /**
   * Logs the entry of the fields.
   * @throws Refusal `malformed-body`, or by the rules of bookings
   */
  async log(reader: PageReader, form: QuickEntryForm, key: KeyOfForm | undefined): Promise<LoggedQuickEntry> {
    const { subscriptionId, entry } = entryOf(form);
    const request = { ...bookingOf(reader), dryRun: false, idempotency: key };
    const { answer } = await this.hours.log(request, subscriptionId, entry);
    if ('refusal' in answer) throw answer.refusal;
    const customer = await this.database.read((tx) => this.#customerOf(tx, reader, subscriptionId));
    return { ...(answer.body as LoggedEntryAnswer), customer };
  }

  /**
   * Takes an entry back, with a reversal.
   * @throws Refusal `not-found`, `already-reversed`
   */
  async undo(reader: PageReader, id: string, reason: string, key: KeyOfForm | undefined): Promise<TimeEntryAnswer> {
    if (!isId(id)) throw new Refusal('not-found');
    const { answer } = await this.hours.reverse({ ...bookingOf(reader), dryRun: false, idempotency: key }, id, {
      reason,
    });
    if ('refusal' in answer) throw answer.refusal;
    return (answer.body as ReversedEntryAnswer).reversed;
  }

  async #view(
    tx: Transaction,
    reader: PageReader,
    texts: QuickEntryQuery | QuickEntryForm,
    set: readonly DraftField[],
    refusal?: Refusal,
  ): Promise<QuickEntryView> {
    const { line = '', usualSubscriptionId, usualConsultantId } = texts;
    const read = await this.entries.read(tx, reader.actor, {
      line,
      set: valuesOf(texts, set),
      usual: { subscriptionId: idOf(usualSubscriptionId), consultantId: idOf(usualConsultantId) },
      today: reader.today,
    });
    const typed = typedOf(read, texts, set);
    const duration = set.includes('minutes') ? readDuration(texts.minutes ?? '') : undefined;
    const ambiguousMinutes = duration && 'ambiguous' in duration ? duration.ambiguous : undefined;
    return { line, read, typed, set, ambiguousMinutes, preview: undefined, refusal };
  }

  async #preview(reader: PageReader, subscriptionId: string, body: object): Promise<QuickEntryPreview> {
    const checked = check(NewTimeEntry, body);
    if ('errors' in checked) return { refusal: new Refusal('malformed-body', {}, checked) };
    const request = { ...bookingOf(reader), dryRun: true };
    const { answer } = await this.hours.log(request, subscriptionId, checked.value);
    return 'refusal' in answer ? answer : (answer.body as LoggedEntryAnswer);
  }

  async #customerOf(tx: Transaction, { actor, today }: PageReader, subscriptionId: string): Promise<string> {
    const { subscription } = await this.entries.read(tx, actor, {
      line: '',
      set: { subscriptionId },
      usual: {},
      today,
    });
    return subscription?.customer ?? '';
  }
}

const bookingOf = ({ actor, language, path }: PageReader): Omit<BookingRequest, 'dryRun' | 'idempotency'> => ({
  actor,
  language,
  instance: path,
});

/** The fields in the order of the page. */
export const entryFields = [
  'subscriptionId',
  'workDate',
  'minutes',
  'consultantId',
  'productLineId',
  'activity',
  'delivery',
  'visitId',
  'summary',
  'reference',
  'severity',
] as const satisfies readonly DraftField[];

/** The fields that the reader has set and that the line has not changed since. */
function setFields({ set = '', line = '', readLine = line }: QuickEntryQuery, { today }: PageReader): DraftField[] {
  const named = set.split(',');
  const before = readQuickEntry(readLine, today).parts;
  const now = readQuickEntry(line, today).parts;
  return entryFields.filter((field) => {
    const part = partOf(field);
    return named.includes(field) && (part === undefined || before[part]?.value === now[part]?.value);
  });
}

function partOf(field: DraftField): PartName | undefined {
  if (field === 'consultantId') return 'consultant';
  if (field === 'productLineId') return 'productLine';
  return field === 'subscriptionId' || field === 'visitId' ? undefined : field;
}

const idOf = (text: string | undefined): string | undefined => (isId(text) ? text : undefined);

/** The values of the fields that the reader has set. A text without a value counts as not set. */
function valuesOf(texts: Partial<Record<DraftField, string>>, set: readonly DraftField[]): Partial<DraftFields> {
  const text = (field: DraftField): string | undefined => (set.includes(field) ? texts[field]?.trim() : undefined);
  const duration = readDuration(text('minutes') ?? '');
  const day = text('workDate');
  const values: { [Field in DraftField]: DraftFields[Field] | undefined } = {
    subscriptionId: idOf(text('subscriptionId')),
    workDate: isDay(day) ? day : undefined,
    minutes: duration && 'minutes' in duration ? duration.minutes : undefined,
    consultantId: idOf(text('consultantId')),
    productLineId: idOf(text('productLineId')),
    activity: activities.find((code) => code === text('activity')),
    delivery: deliveries.find((code) => code === text('delivery')),
    visitId: idOf(text('visitId')),
    summary: text('summary') || undefined,
    reference: text('reference') || undefined,
    severity: severities.find((severity) => String(severity) === text('severity')),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What the fields show: what the reader has typed into them, else what the line says. */
function typedOf(
  { fields }: QuickEntryRead,
  texts: Partial<Record<DraftField, string>>,
  set: readonly DraftField[],
): QuickEntryView['typed'] {
  const known = Object.entries(fields).map(([field, { value }]) => [
    field,
    field === 'minutes' ? durationText(value as number) : String(value),
  ]);
  const own = set
    .filter((field) => typedFields.has(field) && texts[field] !== undefined)
    .map((field) => [field, texts[field]]);
  return Object.fromEntries([...known, ...own]) as QuickEntryView['typed'];
}

/** The fields that are typed and not chosen. They keep even a text that is no value. */
const typedFields: ReadonlySet<DraftField> = new Set(['minutes', 'workDate', 'summary', 'reference']);

/** @throws Refusal `malformed-body` */
function entryOf(form: QuickEntryForm): { subscriptionId: string; entry: NewTimeEntry } {
  const { subscriptionId = '', delivery, visitId, severity, instead, minutes: typed } = form;
  const errors: FieldError[] = [];
  const duration = readDuration(instead ?? typed ?? '');
  if (!isId(subscriptionId)) errors.push({ pointer: '/subscriptionId', code: 'required' });
  if (duration === undefined) errors.push({ pointer: '/minutes', code: typed === undefined ? 'required' : 'duration' });
  else if ('ambiguous' in duration) {
    errors.push({ pointer: '/minutes', code: 'duration-ambiguous', params: { number: duration.ambiguous } });
  }
  const checked = check(NewTimeEntry, {
    workDate: form.workDate,
    minutes: duration && 'minutes' in duration ? duration.minutes : 1,
    consultantId: form.consultantId,
    productLineId: form.productLineId,
    activity: form.activity,
    delivery,
    ...(delivery === 'onsite' && visitId !== undefined && { visitId }),
    summary: form.summary,
    ...(form.reference !== undefined && { reference: form.reference }),
    ...(severity !== undefined && { severity: Number(severity) }),
  });
  if ('errors' in checked || errors.length > 0) {
    const others = 'errors' in checked ? checked.errors : [];
    throw new Refusal('malformed-body', {}, { errors: [...errors, ...others] });
  }
  return { subscriptionId, entry: checked.value };
}
