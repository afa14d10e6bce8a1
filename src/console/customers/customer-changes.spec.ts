import { changesOf } from './customer-changes.js';
import type { EditedCustomer } from './customer.forms.js';

const now: EditedCustomer = {
  name: 'Acme KK',
  code: '',
  locale: 'ja',
  timeZone: 'Asia/Tokyo',
  country: 'JP',
  contacts: [{ name: 'Sato', email: 'sato@acme.example', roles: ['renewal'] }],
};

test.each<[string, Partial<EditedCustomer>, object[]]>([
  ['nothing', {}, []],
  ['a text', { name: 'Acme' }, [{ field: 'name', from: 'Acme', to: 'Acme KK' }]],
  ['a removed code', { code: 'C-1' }, [{ field: 'code', from: 'C-1', to: '' }]],
  ['contacts', { contacts: [] }, [{ field: 'contacts', from: '', to: 'Sato <sato@acme.example> (renewal)' }]],
])('names %s that somebody else has changed', (_, before, expected) => {
  expect(changesOf(JSON.stringify({ ...now, ...before }), now)).toEqual(expected);
});

test.each([undefined, 7, '', 'null', '{'])('finds no difference to %j, which no page sent', (before) => {
  expect(changesOf(before, now)).toEqual([]);
});
