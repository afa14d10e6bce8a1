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
  ['several delimiters, and only one between known headings', 'workDate;minutes;Notes, if any\n', semicolon],
  ['several delimiters and known headings in quotation marks', '"workDate","minutes","x" ;\n', comma],
  ['a sep= line', 'sep=;\r\nworkDate;minutes\n', { ...semicolon, hasSeparatorLine: true }],
  ['a sep= line in quotation marks', '"sep=\t"\nworkDate\tminutes\n', { ...tab, hasSeparatorLine: true }],
  ['a sep= line that ends with its tab', 'sep=\t\nworkDate\tminutes\n', { ...tab, hasSeparatorLine: true }],
])('the delimiter is found in a text with %s', (_, text, dialect) => {
  expect(dialectOf(text, undefined, false)).toEqual(dialect);
});

test.each([
  ['several delimiters and no known heading', 'a;b,c\n', 'unclear'],
  ['a sep= line with another character', 'sep=|\nworkDate|minutes\n', 'unclear'],
  ['no complete line yet', 'workDate;min', 'more'],
  ['only blank lines yet', '\n\n', 'more'],
])('no delimiter is found in a text with %s', (_, text, dialect) => {
  expect(dialectOf(text, undefined, false)).toEqual(dialect);
});

test('a stated delimiter counts more than the delimiter in the file', () => {
  expect(dialectOf('sep=;\nworkDate,minutes\n', 'comma', false)).toEqual({ ...comma, hasSeparatorLine: true });
  expect(dialectOf('a;b,c\n', 'tab', false)).toEqual(tab);
});

test('a complete file has a delimiter even without a line end or without content', () => {
  expect(dialectOf('workDate;minutes', undefined, true)).toEqual(semicolon);
  expect(dialectOf('', undefined, true)).toEqual(comma);
});
