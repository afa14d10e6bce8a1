import { dialectOf } from './import-dialect.js';

const comma = { delimiter: ',', hasSeparatorLine: false };
const semicolon = { delimiter: ';', hasSeparatorLine: false };
const tab = { delimiter: '\t', hasSeparatorLine: false };

test.each([
  ['commas', 'workDate,minutes\n', comma],
  ['semicolons', '\n \nworkDate;minutes\n', semicolon],
  ['tabs', 'workDate\tminutes\r\n', tab],
  ['one heading', 'workDate\n', comma],
  ['delimiters in quotation marks', '"workDate";"minutes, of work"\n', semicolon],
  ['several, of which one is between known headings', 'workDate;minutes;Notes, if any\n', semicolon],
  ['several, between known headings in quotation marks', '"workDate","minutes","x" ;\n', comma],
  ['a line that says so', 'sep=;\r\nworkDate;minutes\n', { ...semicolon, hasSeparatorLine: true }],
  ['such a line in quotation marks', '"sep=\t"\nworkDate\tminutes\n', { ...tab, hasSeparatorLine: true }],
  ['such a line that ends with the tab', 'sep=\t\nworkDate\tminutes\n', { ...tab, hasSeparatorLine: true }],
  ['several and nothing known', 'a;b,c\n', 'unclear'],
  ['a line that says something else', 'sep=|\nworkDate|minutes\n', 'unclear'],
  ['no whole line yet', 'workDate;min', 'more'],
  ['blank lines yet', '\n\n', 'more'],
])('%s', (_, text, dialect) => {
  expect(dialectOf(text, undefined, false)).toEqual(dialect);
});

test('what is stated counts more than what the file shows', () => {
  expect(dialectOf('sep=;\nworkDate,minutes\n', 'comma', false)).toEqual({ ...comma, hasSeparatorLine: true });
  expect(dialectOf('a;b,c\n', 'tab', false)).toEqual(tab);
});

test('a file without a line end, or without anything, has a delimiter too', () => {
  expect(dialectOf('workDate;minutes', undefined, true)).toEqual(semicolon);
  expect(dialectOf('', undefined, true)).toEqual(comma);
});
