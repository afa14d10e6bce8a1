import { Shares } from './shares.js';

test('a user can take only a share of the places, and other users have their own', () => {
  const shares = new Shares(2);
  const first = shares.take('a')!;
  expect(shares.take('a')).toBeDefined();
  expect(shares.take('a')).toBeUndefined();
  expect(shares.take('b')).toBeDefined();
  first();
  first();
  expect(shares.take('a')).toBeDefined();
  expect(shares.take('a')).toBeUndefined();
});

test('the waiting requests of a user get the released places of that user in order, and never the place of another user', async () => {
  const shares = new Shares(1);
  const [ofA, ofB] = [shares.take('a')!, shares.take('b')!];
  const waiting = ['first', 'second'].map(async (name) => ({ name, place: await shares.takeWithin('a', 60_000) }));
  ofB();
  ofA();
  const served = await Promise.race(waiting);
  expect(served.name).toBe('first');
  expect(shares.take('a')).toBeUndefined();
  served.place!();
  (await waiting[1]!).place!();
  const again = shares.take('a')!;
  expect(await shares.takeWithin('a', 1)).toBeUndefined();
  again();
  expect(shares.take('a')).toBeDefined();
});
