import type { Faults } from './import-faults.js';
import { defaultFields, importFields, type Defaults, type ImportField } from './import-fields.js';
import { shortened } from './import-values.js';
import { columnMaps, mapNames, programs, type ColumnMap, type MapName, type Source } from './import-maps.js';

/** Fields that only the exports of other programs have. */
const foreignFields = ['duration', 'begin', 'end'] as const;
type OwnField = Exclude<ImportField, (typeof foreignFields)[number]>;
const isOwnField = (field: ImportField): field is OwnField => !(foreignFields as readonly string[]).includes(field);

/** Other headings for a field: those that the reports print, and those that people write. */
// prettier-ignore
const headings: Record<OwnField, readonly string[]> = {
  subscriptionId: ['サブスクリプションID'],
  customerId:     ['顧客ID'],
  customer:       ['顧客', '顧客名', 'お客様'],
  workDate:       ['作業日'],
  minutes:        ['作業時間（分）'],
  hours:          ['作業時間（時間）', '作業時間'],
  consultantId:   ['コンサルタントID'],
  consultant:     ['コンサルタント'],
  productLineId:  ['製品ラインID'],
  productLine:    ['製品ライン'],
  activity:       ['作業内容'],
  delivery:       ['提供形態'],
  visitId:        ['訪問ID'],
  summary:        ['作業概要'],
  reference:      ['参照番号'],
  severity:       ['重大度'],
  entryId:        ['作業記録ID'],
  kind:           ['区分'],
};

/** Columns that are ignored: further columns of the reports, and the reasons that `npm run import` adds to refused rows. */
// prettier-ignore
const passedOver = [
  'package',       'パッケージ',
  'termNumber',    '契約期間番号',
  'month',         'workMonth', '作業月', '対象月',
  'onsiteMinutes', 'うち訪問支援（分）',
  'recordedAt',    '登録日時',
  'recordedBy',    '登録者',
  'adjustsMonth',  'adjustedMonth', '調整対象月',
  'lineId',        '明細ID',
  'customerCode',  '顧客コード',
  'contractNumber', '契約番号',
  'purchaseOrder', '注文番号',
  'csmId',         '担当CSMのID',
  'csm',           '担当CSM',
  'reversalReason', '取消理由',
  'replacedByEntryId', '訂正後の作業記録ID',
  'refusedBecause', '取り込めなかった理由',
];

/** An entry needs one field from each row of this table, in a column or as a parameter. */
const required: readonly (readonly ImportField[])[] = [
  ['subscriptionId', 'customer', 'customerId'],
  ['workDate'],
  ['minutes', 'hours', 'duration'],
  ['consultant', 'consultantId'],
  ['productLine', 'productLineId'],
  ['activity'],
  ['delivery'],
  ['summary'],
];

/** A generous limit: our own reports have about twenty headings. */
export const mostColumns = 100;

/** Columns that together hold one value, joined by a space. */
type Place = readonly number[];

/** Which columns of a file hold which fields. */
export interface Layout {
  /** Undefined for our own headings. */
  map: MapName | undefined;
  columns: number;
  headings: readonly string[];
  places: Partial<Record<ImportField, readonly Place[]>>;
}

/**
 * The key of a heading. It ignores differences in width, capitals, spaces, hyphens, underscores, and the apostrophe that
 * protects text from a spreadsheet. `Work date`, `work_date` and `workDate` have the same key.
 */
export function headingKey(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_'-]/g, '');
}

const ours = new Map<string, ImportField>(
  Object.entries(headings).flatMap(([field, words]) =>
    [field, ...words].map((word): [string, ImportField] => [headingKey(word), field as ImportField]),
  ),
);
const notOurs = new Set(passedOver.map(headingKey));

/**
 * Reads the headings of a file as ours, as those of the export that the sender names, or as those of the export that they match.
 * Collects every fault; if the headings cannot be read at all, it stops.
 */
export function readHeadings(
  values: readonly string[],
  line: number,
  asked: MapName | undefined,
  defaults: Defaults,
  faults: Faults,
): Layout {
  if (values.length > mostColumns) {
    const params = { found: values.length, max: mostColumns };
    faults.stop({ line, code: 'too-many-columns', params });
  }
  const separator = values.length === 1 && /[,;\t]/.exec(values[0]!)?.[0];
  if (separator) {
    const params = { separator: separator === ';' ? 'semicolon' : separator === ',' ? 'comma' : 'tab' };
    faults.stop({ line, code: 'other-separator', params });
  }
  const keys = values.map(headingKey);
  const map = asked ?? recognised(keys);
  const places = map === undefined ? ownPlaces(values, keys, line, faults) : foreignPlaces(keys, columnMaps[map]);
  for (const fields of required) {
    if (fields.some((field) => places[field] !== undefined || (defaults as Record<string, unknown>)[field])) continue;
    const code = fields.some(isDefaultField) ? 'heading-missing' : 'heading-missing-no-parameter';
    faults.add({ line, code, params: { heading: named(fields, map) } });
  }
  return { map, columns: values.length, headings: values, places };
}

const known = new Set([
  ...ours.keys(),
  ...notOurs,
  ...mapNames.flatMap((name) =>
    [...columnMaps[name].known, ...Object.values<readonly Source[]>(columnMaps[name].sources).flat(2)].map(headingKey),
  ),
]);

/** Whether a heading is known in any format. */
export const isKnownHeading = (heading: string): boolean => known.has(headingKey(heading));

/** The one export with these headings; undefined if they are ours, or match no export or several. */
function recognised(keys: readonly string[]): MapName | undefined {
  if (keys.every((key) => ours.has(key) || notOurs.has(key))) return undefined;
  const found = mapNames.filter((name) =>
    columnMaps[name].known.every((heading) => keys.includes(headingKey(heading))),
  );
  return found.length === 1 ? found[0] : undefined;
}

function ownPlaces(values: readonly string[], keys: readonly string[], line: number, faults: Faults): Layout['places'] {
  const places: Layout['places'] = {};
  const first = new Map<string, number>();
  const unknown: { column: number; heading: string }[] = [];
  for (const [at, key] of keys.entries()) {
    const column = at + 1;
    const heading = shortened(values[at]!);
    const field = ours.get(key);
    const meaning = field ?? key;
    const earlier = first.get(meaning);
    if (key === '') faults.add({ line, column, code: 'heading-empty' });
    else if (earlier !== undefined) {
      faults.add({ line, column, code: 'heading-repeated', params: { heading, first: earlier } });
    } else if (field !== undefined) places[field] = [[at]];
    else if (!notOurs.has(key)) unknown.push({ column, heading });
    if (earlier === undefined) first.set(meaning, column);
  }
  if (unknown.length > 0) {
    const headings = unknown.map(({ heading }) => heading).join(', ');
    const params = { count: unknown.length, headings, known: wellKnown, programs, maps: mapNames.join('|') };
    faults.add({ line, column: unknown[0]!.column, code: 'heading-unknown', params });
  }
  return places;
}

const wellKnown =
  'subscriptionId, customer, workDate, minutes, hours, consultant, productLine, activity, delivery, visitId, summary, reference, severity';

/** If a heading occurs twice, the first one counts: people add their own fields to exports. */
function foreignPlaces(keys: readonly string[], { sources }: ColumnMap): Layout['places'] {
  const places: Layout['places'] = {};
  for (const field of importFields) {
    const found = (sources[field] ?? [])
      .map((source) => source.map((heading) => keys.indexOf(headingKey(heading))))
      .filter((place) => place.every((at) => at >= 0));
    if (found.length > 0) places[field] = found;
  }
  return places;
}

const isDefaultField = (field: ImportField): boolean => (defaultFields as readonly string[]).includes(field);

/** The name of a missing column: in an export of another program, its own heading. */
function named(fields: readonly ImportField[], map: MapName | undefined): string {
  const { sources }: ColumnMap = map === undefined ? { known: [], sources: {} } : columnMaps[map];
  const theirs = fields.flatMap((field) => sources[field] ?? []).map((source) => source.join(' + '));
  const ourNames = fields.filter((field) => isOwnField(field) && (map === undefined || isDefaultField(field)));
  return [...(theirs.length > 0 ? theirs : ourNames)].join(' / ');
}
