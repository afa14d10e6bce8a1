import { applyDecorators, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Allow, Refuses } from '../../platform/http/access.decorators.js';
import type { Column, Report } from './report.js';

/** Declares the route of a report, with the permission and the description of the report. */
export const ReportRoute = (report: Report) =>
  applyDecorators(
    Get(report.name),
    Allow(report.permission, 'own-transaction'),
    Refuses('control-totals-differ', 'too-many-reports', 'reports-busy'),
    ApiOperation({ summary: `Export ${report.title.en.toLowerCase()}`, description: described(report) }),
    ApiOkResponse({
      description: 'The file in the requested format.',
      content: {
        'application/json': { schema: jsonSchema(report) },
        'application/x-ndjson': { schema: { type: 'string', format: 'binary' } },
        'text/csv': { schema: { type: 'string', format: 'binary' } },
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
          schema: { type: 'string', format: 'binary' },
        },
      },
    }),
  );

/** The content of each kind of column. */
const kinds: Readonly<Record<Column['type'], { type: string; unit: string; schema: object }>> = {
  text: { type: 'text', unit: '', schema: { type: 'string' } },
  code: { type: 'code', unit: '', schema: { type: 'string' } },
  number: { type: 'integer', unit: '', schema: { type: 'integer' } },
  day: { type: 'day', unit: 'YYYY-MM-DD', schema: { type: 'string', format: 'date' } },
  month: { type: 'month', unit: 'YYYY-MM', schema: { type: 'string', pattern: '^\\d{4}-\\d{2}$' } },
  instant: { type: 'instant', unit: 'RFC 3339, UTC', schema: { type: 'string', format: 'date-time' } },
  minutes: { type: 'integer', unit: 'minutes', schema: { type: 'integer' } },
  hours: { type: 'decimal, two places', unit: 'hours', schema: { type: 'number', multipleOf: 0.01 } },
  amount: { type: 'decimal', unit: 'the currency of the row', schema: { type: 'string' } },
};

function described({ about, columns, totalOf, proof }: Report): string {
  const rows = columns.map((column) => {
    const { type, unit } = kinds[column.type];
    return `| \`${column.name}\` | ${type} | ${unit} | ${column.en} | ${column.ja} | ${column.about} |`;
  });
  const total = totalOf === undefined ? 'always 0, because the report counts no time' : `the sum of \`${totalOf}\``;
  return [
    about,
    [
      '| column | type | unit | heading `en` | heading `ja` | meaning |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
    ],
    proof &&
      `In every row and in the totals, ${formula(proof)}. The last column of the XLSX file, \`check\`, computes the difference: 0.`,
    'The names and the order of the columns are stable. New columns are added at the end.',
    [
      'The end of each file proves that it is whole:',
      '- CSV: the last record begins with `TOTAL` and the row count, and has the sum of each column of minutes or hours.',
      ...(columns.some(({ type }) => type === 'amount')
        ? ['- Amounts are summed for each currency; JSON and NDJSON have the sums in `totalAmounts`.']
        : []),
      '- XLSX: a totals row with the same sums, as formula and value.',
      `- JSON: \`rowCount\` and \`totalMinutes\`, which is ${total}.`,
      '- NDJSON: the last line is `{"trailer":{"rowCount":…,"totalMinutes":…}}`.',
    ],
  ]
    .filter((part) => part !== undefined)
    .map((part) => (typeof part === 'string' ? part : part.join('\n')))
    .join('\n\n');
}

/** For example `` `openingMinutes` + `grantedMinutes` − `usedMinutes` = `closingMinutes` ``. */
function formula({ of, from }: NonNullable<Report['proof']>): string {
  const terms = Object.entries(from).map(([name, sign], place) => {
    const operator = sign < 0 ? '− ' : place > 0 ? '+ ' : '';
    return `${operator}\`${name}\``;
  });
  return `${terms.join(' ')} = \`${of}\``;
}

function jsonSchema({ columns }: Report): object {
  const properties = columns.map((column) => [
    column.name,
    {
      ...kinds[column.type].schema,
      ...(column.mayBeEmpty && { nullable: true }),
      description: column.about,
    },
  ]);
  return {
    type: 'object',
    required: ['data', 'rowCount', 'totalMinutes'],
    properties: {
      data: {
        type: 'array',
        items: {
          type: 'object',
          required: columns.map(({ name }) => name),
          properties: Object.fromEntries(properties) as object,
        },
      },
      rowCount: { type: 'integer' },
      totalMinutes: { type: 'integer' },
      ...(columns.some(({ type }) => type === 'amount') && {
        totalAmounts: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'The sum for each currency.',
        },
      }),
    },
  };
}
