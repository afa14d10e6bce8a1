import type { Day } from '../../../domain/calendar.js';
import type { FieldError } from '../../../domain/field-errors.js';
import { Refusal, type RefusalParams } from '../../../domain/refusal.js';
import type { RefusalCode } from '../../../domain/refusals.js';
import type { Activity } from '../../../domain/time-entry.js';
import { compile } from '../../../platform/http/validation.js';
import type { ImportDirectory, Words } from './import-directory.js';
import { defaultFields, importFields, type ImportField } from './import-fields.js';
import type { RawRow } from './import-file.js';
import type { ImportForm, Reading } from './import-form.js';
import type { Layout } from './import-headings.js';
import { columnMaps, type ColumnMap } from './import-maps.js';
import type { ImportRow, UnreadableRow } from '../import-row.js';
import {
  readActivity,
  readDay,
  readDelivery,
  readHours,
  readMinutes,
  readRowKind,
  readSeconds,
  readSeverity,
  readText,
  shortened,
} from './import-values.js';
import { NewTimeEntry } from '../../hours/time-entry.dto.js';

/** A row whose values were read. Its references are still the words of the file. */
interface Draft extends Words {
  line: number;
  values: readonly string[];
  minutes: number;
  activity: Activity;
  summary: string;
  reference: string | null;
  severity: number | null;
}

const isDraft = (row: Draft | ({ line: number } & UnreadableRow)): row is Draft => 'values' in row;

/** The accepted notation of a column, for error texts. */
type Accepted = 'day' | 'minutes' | 'hours' | 'seconds' | 'activity' | 'delivery' | 'severity' | 'kind' | 'id';

/** Why a row cannot be read as an entry, and the faulty value. */
class RowRefused extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly field: ImportField,
    readonly value: string,
    readonly params: RefusalParams = {},
  ) {
    super(code);
  }
}

/** Reads the rows of one file into entries. */
export class ImportRowReader {
  readonly #get = {} as Record<ImportField, (values: readonly string[]) => string>;
  readonly #minutes: { field: ImportField; read: (text: string) => number | undefined; accepted: Accepted };
  readonly #readDay: (text: string) => Day | undefined;

  constructor(
    private readonly form: ImportForm,
    private readonly reading: Reading,
  ) {
    const { layout } = form;
    for (const field of importFields) this.#get[field] = getter(field, layout, reading);
    this.#minutes = minutesOf(form);
    const { dates } = form.conventions;
    this.#readDay = (text) => readDay(text, dates);
  }

  /** Reads a portion of rows. The references of all its rows are looked up together. */
  async read(rows: readonly RawRow[], directory: ImportDirectory): Promise<ImportRow[]> {
    const written = rows.map((row) => this.#orRefused(row.line, row.values, () => this.#draft(row)));
    await directory.lookUpSubscriptions(written.filter(isDraft));
    const drafts = written.map((draft) =>
      isDraft(draft) && directory.isOfAnotherService(draft) ? this.#byNames(draft) : draft,
    );
    await directory.lookUp(drafts.filter(isDraft));
    return drafts.map((draft) =>
      isDraft(draft) ? this.#orRefused(draft.line, draft.values, () => this.#row(draft, directory)) : draft,
    );
  }

  #draft({ line, values }: RawRow): Draft {
    const get = this.#get;
    this.#mustBeEntry(values);
    this.#mustHaveEnded(values);
    const reference = readText(get.reference(values)).trim();
    const severity = get.severity(values).trim();
    const customer = readText(get.customerId(values) || get.customer(values)).trim();
    return {
      line,
      values,
      workDate: this.#read('workDate', values, this.#readDay, 'day'),
      minutes: this.#readMinutes(values),
      activity: this.#read('activity', values, readActivity, 'activity'),
      delivery: this.#read('delivery', values, readDelivery, 'delivery'),
      summary: readText(this.#filled('summary', values)),
      reference: reference === '' ? null : reference,
      severity: severity === '' ? null : this.#read('severity', values, readSeverity, 'severity'),
      subscriptionId: this.#subscriptionSaid(values, customer).toLowerCase(),
      customer,
      consultant: readText(get.consultantId(values) || get.consultant(values)).trim(),
      productLine: readText(get.productLineId(values) || get.productLine(values)).trim(),
      visitId: get.visitId(values).trim().toLowerCase(),
      entryId: get.entryId(values).trim().toLowerCase(),
    };
  }

  /** In a report of another service, only names are valid here, not ids. */
  #byNames(draft: Draft): Draft {
    if (this.#get.customer(draft.values).trim() === '') return draft;
    const { places } = this.form.layout;
    const ids = new Set([places.subscriptionId, places.customerId, places.visitId].flat(2));
    return this.#draft({ line: draft.line, values: draft.values.map((value, at) => (ids.has(at) ? '' : value)) });
  }

  /** The subscription that is set for the whole file does not apply to a row that names its customer. */
  #subscriptionSaid(values: readonly string[], customer: string): string {
    const said = this.#get.subscriptionId(values).trim();
    return said === '' && customer === '' ? (this.reading.defaults.subscriptionId ?? '') : said;
  }

  /** Reports contain reversals, which must not be imported as work. */
  #mustBeEntry(values: readonly string[]): void {
    const written = this.#get.kind(values);
    if (written.trim() === '') return;
    const kind = this.#read('kind', values, readRowKind, 'kind');
    const minutes = this.#get[this.#minutes.field](values);
    if (kind === 'reversal' || (kind === 'adjustment' && minutes.startsWith('-'))) {
      throw new RowRefused('reversal-not-imported', 'kind', written);
    }
  }

  /** A record with a begin and no end is a timer that still runs. */
  #mustHaveEnded(values: readonly string[]): void {
    if (this.form.layout.places.end === undefined) return;
    const { begin, end } = this.#get;
    if (begin(values) !== '' && end(values) === '') throw new RowRefused('entry-running', 'end', '');
  }

  /** Rounds to the nearest minute. A few seconds within one minute of the clock are a timer that was started by mistake. */
  #readMinutes(values: readonly string[]): number {
    const { field, read, accepted } = this.#minutes;
    const exact = this.#read(field, values, read, accepted);
    const minutes = Math.round(exact);
    const [begin, end] = [this.#get.begin(values), this.#get.end(values)];
    if (minutes < 1 || (exact < 1 && begin !== '' && begin === end)) {
      throw new RowRefused('duration-too-short', field, this.#get[field](values));
    }
    if (minutes > mostMinutes) throw malformed(field, this.#get[field](values), accepted);
    return minutes;
  }

  #row(draft: Draft, directory: ImportDirectory): ImportRow {
    const { line, workDate, minutes, activity, delivery, summary, reference, severity } = draft;
    // The limits of single bookings apply here too. All other values have been read in a way that cannot be wrong.
    const errors: FieldError[] = [];
    for (const { check, name, pointer } of writtenText) {
      const text = draft[name as 'summary' | 'reference'];
      if (text !== null) check(text, pointer, errors);
    }
    if (errors.length > 0) throw new Refusal('malformed-body', {}, { errors });
    const consultantId = this.#reference('consultant', draft, directory.consultant(draft.consultant));
    const productLineId = this.#reference('productLine', draft, directory.productLine(draft.productLine));
    const subscriptionId = this.#subscription(draft, directory, productLineId);
    const visitId = this.#visit(draft, directory, subscriptionId, consultantId);
    return {
      line,
      subscriptionId,
      ...(directory.isKept(draft.entryId) && {
        unlessPresent: this.#refusalOf(draft.values, keptAlready(draft.entryId)),
      }),
      entry: {
        workDate,
        minutes,
        consultantId,
        productLineId,
        activity,
        delivery,
        visitId,
        summary,
        reference,
        severity,
      },
    };
  }

  /** If a customer has several subscriptions on a day, finds the one in which the product line is enrolled. */
  #subscription(draft: Draft, directory: ImportDirectory, productLineId: string): string {
    if (draft.subscriptionId !== '') {
      const found = directory.subscription(draft.subscriptionId);
      if (found === undefined) throw new RowRefused('subscription-unknown', 'subscriptionId', draft.subscriptionId);
      return found;
    }
    if (draft.customer === '') throw missing('customer');
    const customerId = this.#reference('customer', draft, directory.customer(draft.customer));
    const { workDate } = draft;
    const [found, ...others] = directory.subscriptionsOn(customerId, workDate);
    if (found === undefined) throw new RowRefused('no-subscription-on-day', 'customer', draft.customer, { workDate });
    if (others.length > 0) {
      const [enrolled, ...more] = directory.subscriptionsOn(customerId, workDate, productLineId);
      if (enrolled !== undefined && more.length === 0) return enrolled;
      throw new RowRefused('subscription-ambiguous', 'customer', draft.customer, {
        workDate,
        count: others.length + 1,
      });
    }
    return found;
  }

  /**
   * If the row names no visit for onsite work, it means the only possible visit. If there is none, the booking rules refuse the
   * row.
   */
  #visit(draft: Draft, directory: ImportDirectory, subscriptionId: string, consultantId: string): string | null {
    const { visitId, workDate, delivery } = draft;
    if (visitId !== '') {
      if (delivery === 'remote') {
        throw new Refusal('malformed-body', {}, { errors: [{ pointer: '/visitId', code: 'onsite-only' }] });
      }
      const found = directory.visitId(visitId);
      if (found === undefined) throw malformed('visitId', visitId, 'id');
      return found;
    }
    if (delivery === 'remote') return null;
    const [found, ...others] = directory.visitsOn(subscriptionId, workDate, consultantId);
    if (others.length > 0) throw new RowRefused('visit-ambiguous', 'visitId', '', { workDate });
    return found ?? null;
  }

  #reference(field: 'consultant' | 'productLine' | 'customer', draft: Draft, ids: readonly string[]): string {
    if (draft[field] === '') throw missing(field);
    if (ids.length === 0) throw unknown(field, draft[field]);
    if (ids.length > 1) throw new RowRefused('name-ambiguous', field, draft[field], { what: field });
    return ids[0]!;
  }

  #read<Value>(
    field: ImportField,
    values: readonly string[],
    read: (text: string) => Value | undefined,
    accepted: Accepted,
  ): Value {
    const text = this.#filled(field, values);
    const value = read(text);
    if (value === undefined) throw malformed(field, text, accepted);
    return value;
  }

  #filled(field: ImportField, values: readonly string[]): string {
    const text = this.#get[field](values);
    if (text.trim() === '') throw missing(field);
    return text;
  }

  #orRefused<Read>(
    line: number,
    values: readonly string[],
    read: () => Read,
  ): Read | ({ line: number } & UnreadableRow) {
    try {
      return read();
    } catch (error) {
      if (error instanceof Refusal) {
        const field = error.errors?.[0]?.pointer.slice(1) as ImportField | undefined;
        return { line, refusal: error, ...(field && this.#cell(field, values)) };
      }
      if (!(error instanceof RowRefused)) throw error;
      return { line, ...this.#refusalOf(values, error) };
    }
  }

  #refusalOf(values: readonly string[], { code, field, value, params }: RowRefused): UnreadableRow {
    const { column } = this.#cell(field, values);
    const shown = shortened(value);
    return { refusal: new Refusal(code, { column, value: shown, ...params }), column, value: shown };
  }

  /** The heading and the value in the file, if the file has them. */
  #cell(field: ImportField, values: readonly string[]): { column: string; value: string } {
    const { layout } = this.form;
    const withId = idColumns[field];
    const own = withId !== undefined && this.#get[withId](values) !== '' ? withId : field;
    const place =
      layout.places[own]?.find((at) => at.some((column) => values[column] !== '')) ?? layout.places[own]?.[0];
    const column = place === undefined ? own : place.map((at) => layout.headings[at]!).join(' + ');
    return { column: shortened(column), value: shortened(this.#get[own](values)) };
  }
}

const writtenText = compile(NewTimeEntry).properties.filter(({ name }) => ['summary', 'reference'].includes(name));

/** The fields that may also have a column of ids. */
const idColumns: Partial<Record<ImportField, ImportField>> = {
  customer: 'customerId',
  consultant: 'consultantId',
  productLine: 'productLineId',
};

function getter(
  field: ImportField,
  { places, map }: Layout,
  { defaults }: Reading,
): (values: readonly string[]) => string {
  const whole = (defaultFields as readonly string[]).includes(field)
    ? (defaults as Partial<Record<ImportField, string>>)[field]
    : undefined;
  // A value for the whole file replaces the other program's own words.
  if (whole !== undefined && map !== undefined) return () => whole;
  const said = field === 'subscriptionId' ? undefined : whole;
  const found = places[field] ?? [];
  const [only] = found;
  if (only === undefined) return () => said ?? '';
  const exported: ColumnMap | undefined = map && columnMaps[map];
  const emptyMark = exported?.emptyMark;
  if (found.length === 1 && only.length === 1 && emptyMark === undefined) {
    const at = only[0]!;
    return said === undefined ? (values) => values[at]! : (values) => values[at]! || said;
  }
  return (values) => {
    for (const place of found) {
      const value = place
        .map((at) => (values[at] === emptyMark ? '' : values[at]!))
        .join(' ')
        .trim();
      if (value !== '') return value;
    }
    return said ?? '';
  };
}

/** If a file has both, minutes count, because its hours are rounded. */
function minutesOf({ layout: { places }, conventions: { durations, decimal } }: ImportForm) {
  if (places.minutes) return { field: 'minutes', read: readMinutes, accepted: 'minutes' } as const;
  const hours = (text: string): number | undefined => readHours(text, decimal);
  if (places.hours) return { field: 'hours', read: hours, accepted: 'hours' } as const;
  if (durations === 'hours') return { field: 'duration', read: hours, accepted: 'hours' } as const;
  const whole = durations === 'minutes' ? readMinutes : readSeconds;
  // Clock notation such as `1:30` needs no decimal sign or unit.
  const read = (text: string): number | undefined => (text.includes(':') ? hours(text) : whole(text));
  return { field: 'duration', read, accepted: durations } as const;
}

/** The limit of a single booking. */
const mostMinutes = 1_000_000;

const keptAlready = (entryId: string): RowRefused => new RowRefused('entry-already-here', 'entryId', entryId);
const missing = (field: ImportField): RowRefused => new RowRefused('value-missing', field, '');
const malformed = (field: ImportField, value: string, accepted: Accepted): RowRefused =>
  new RowRefused('value-malformed', field, value, { accepted });
const unknown = (field: 'consultant' | 'productLine' | 'customer', value: string): RowRefused =>
  new RowRefused('name-unknown', field, value, { what: field });
