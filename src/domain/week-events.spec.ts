import { customersOf, type EventWords, type KnownCustomer } from './week-events.js';

const customers: KnownCustomer[] = [
  { customerId: 'acme', name: 'Acme KK', code: 'A-100', domains: ['acme.example', 'gmail.com'] },
  { customerId: 'acme-bank', name: 'Acme Bank Ltd.', code: null, domains: ['bank.example'] },
  { customerId: 'hokuto', name: '株式会社 北斗', code: 'H7', domains: ['hokuto.example'] },
  { customerId: 'x', name: 'X Inc.', code: null, domains: [] },
];

const event = (change: Partial<EventWords>): EventWords => ({ summary: '', text: '', addresses: [], ...change });

describe('customersOf', () => {
  // prettier-ignore
  test.each<[string, Partial<EventWords>, string[]]>([
    ['a name without its legal form',          { summary: 'Health check: ACME' },                              ['acme']],
    ['a name in full width',                   { summary: 'ＡＣＭＥ 定例' },                                    ['acme']],
    ['a Japanese name without its form',       { summary: '北斗様 月次レビュー' },                              ['hokuto']],
    ['a code',                                 { summary: 'Review [A-100]' },                                  ['acme']],
    ['a code in the description',              { summary: 'Review', text: 'Ticket for h7.' },                  ['hokuto']],
    ['a code within a longer number',          { summary: 'Review A-1001' },                                   []],
    ['a name within a longer word',            { summary: 'Acmeology' },                                       []],
    ['a name with a word after it',            { summary: 'Acme Bank: review' },                               ['acme-bank']],
    ['a domain of an attendee',                { summary: 'Weekly', addresses: ['Sato@Hokuto.example'] },      ['hokuto']],
    ['a domain of everybody',                  { summary: 'Weekly', addresses: ['someone@gmail.com'] },        []],
    ['attendees of two customers',             { addresses: ['a@acme.example', 'b@hokuto.example'] },          ['acme', 'hokuto']],
    ['a title that names one of the attendees', { summary: '北斗', addresses: ['a@acme.example'] },             ['hokuto']],
    ['a name that is one letter with its form', { summary: 'Talk with X Inc. about x' },                        ['x']],
    ['that letter alone',                      { summary: 'x' },                                               []],
    ['no customer',                            { summary: 'Lunch' },                                           []],
  ])('%s', (_, words, found) => {
    expect(customersOf(event(words), customers)).toEqual(found);
  });
});
