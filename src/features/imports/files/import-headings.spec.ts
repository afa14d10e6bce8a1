import { Refusal } from '../../../domain/refusal.js';
import { Faults } from './import-faults.js';
import { headingKey, readHeadings, type Layout } from './import-headings.js';

const defaults = { delivery: 'remote', productLine: 'ERP', activity: 'upgrade', summary: 'x' };

const layoutOf = (header: string): Layout => readHeadings(header.split(','), 1, undefined, defaults, new Faults());

test.each([
  ['Work date', 'workDate'],
  [' WORK_DATE ', 'workDate'],
  ['work-date', 'workDate'],
  ['Ｗｏｒｋｄａｔｅ', 'workDate'],
  ['ｺﾝｻﾙﾀﾝﾄ', 'コンサルタント'],
  ['作業時間(分)', '作業時間（分）'],
  ['E-mail', 'Email'],
])('the heading %j means the same as %j', (heading, same) => {
  expect(headingKey(heading)).toBe(headingKey(same));
});

test.each([
  ['subscriptionId,workDate,minutes,consultant', undefined],
  ['顧客,作業日,作業時間（分）,コンサルタント', undefined],
  ['Date,From,To,Duration,User,Customer,Project,Activity,Description', 'kimai'],
  ['User,Email,Client,Project,Description,Start date,Start time,Duration,Tags', 'toggl'],
  ['Description,Duration,Member,Email,Client,Project,Start date,Start time,Stop date,Stop time', 'toggl'],
  ['Date,Client,Project,Task,Notes,Hours,First Name,Last Name', 'harvest'],
  ['Project,Client,Description,Task,User,Email,Start Date,Start Time,End Date,End Time,Duration (h)', 'clockify'],
  ['Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags', 'solidtime'],
])('the headings %j select the map %j', (header, map) => {
  const faults = new Faults();
  const layout = readHeadings(header.split(','), 1, undefined, defaults, faults);
  faults.refuse();
  expect(layout.map).toBe(map);
});

test('if an export has two columns for a value, the better one comes first, and a name can have two columns', () => {
  const { places } = layoutOf('Date,Client,Project,Project Code,Task,Notes,Hours,First Name,Last Name');
  expect(places.productLine).toEqual([[3], [2]]);
  expect(places.consultant).toEqual([[7, 8]]);
});

test('headings that fit no program are refused together, with the names of the known programs', () => {
  const faults = new Faults();
  readHeadings(['Date', 'Client', 'workDate', 'minutes', 'customer', 'consultant'], 1, undefined, defaults, faults);
  const refused = expect(() => faults.refuse());
  refused.toThrow(Refusal);
  refused.toThrow(
    expect.objectContaining({
      faults: [
        expect.objectContaining({
          column: 1,
          code: 'heading-unknown',
          params: expect.objectContaining({
            count: 2,
            headings: 'Date, Client',
            programs: 'Kimai, Toggl Track, Harvest, Clockify, solidtime',
          }) as unknown,
        }) as unknown,
      ],
    }),
  );
});
