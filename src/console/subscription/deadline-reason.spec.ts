import { deadlineReason, type DeadlineFacts } from './deadline-reason.js';

const tokyo: DeadlineFacts = {
  endsOn: '2027-03-31',
  noticeDeadlineOn: '2027-01-30',
  noticeDays: 60,
  lockAt: new Date('2027-01-30T15:00:00Z'),
  deadlineZone: 'Asia/Tokyo',
  timeZone: 'Asia/Tokyo',
  country: 'JP',
};

test('the reason names the rule, the end of the day, and the last business day before a weekend', () => {
  const [rule, zone, weekend] = deadlineReason(tokyo, 'staff', 'en');
  expect(rule).toContain('at least 60 days before that day');
  expect(zone).toContain('Asia/Tokyo, UTC+09:00');
  expect(weekend).toMatch(/^It is a Saturday\. .* 29 January 2027/);
});

test('the reason in Japanese', () => {
  const [rule, zone, weekend] = deadlineReason(tokyo, 'staff', 'ja');
  expect(rule).toContain('60 日前まで');
  expect(zone).toContain('お客様のタイムゾーン（Asia/Tokyo、UTC+09:00）');
  expect(weekend).toMatch(/^この日は土曜日です。.*2027年1月29日/);
});

test('a business day needs no advice', () => {
  expect(
    deadlineReason({ ...tokyo, endsOn: '2027-03-29', noticeDeadlineOn: '2027-01-28' }, 'staff', 'en'),
  ).toHaveLength(2);
});

test('a holiday is named', () => {
  const holiday = { ...tokyo, endsOn: '2027-04-13', noticeDeadlineOn: '2027-02-11' };
  expect(deadlineReason(holiday, 'staff', 'en')[2]).toMatch(/^It is a public holiday, .+\. .* 10 February 2027/);
});

test('a customer reads about the own zone, and no advice to staff', () => {
  const text = deadlineReason(tokyo, 'customer', 'en').join(' ');
  expect(text).toContain('in your time zone');
  expect(text).not.toContain('speak to the customer');
});

test('an announced deadline keeps its zone after the customer has moved', () => {
  const moved = { ...tokyo, deadlineZone: 'America/Los_Angeles', lockAt: new Date('2027-01-31T08:00:00Z') };
  const [, zone] = deadlineReason(moved, 'staff', 'en');
  expect(zone).toContain('The deadline was announced in the zone America/Los_Angeles, UTC-08:00');
  expect(zone).toContain('The customer is in Asia/Tokyo now');
});
