import { Memo } from './memo.js';

test('a memo keeps the values that were set or read last', () => {
  const memo = new Memo<number>(2);
  memo.set('a', 1);
  memo.set('b', 2);
  memo.set('c', 3);
  expect(memo.get('a')).toBe(1);
  memo.set('d', 4);
  expect(['a', 'b', 'c', 'd'].map((key) => memo.get(key))).toEqual([1, undefined, 3, 4]);
});

test('a memo remembers at most twice its size', () => {
  const memo = new Memo<number>(10);
  const keys = Array.from({ length: 1_000 }, (_, number) => `key ${number}`);
  for (const key of keys) memo.set(key, 1);
  const known = keys.filter((key) => memo.get(key) !== undefined);
  expect(known.length).toBeLessThanOrEqual(20);
  expect(known).toEqual(expect.arrayContaining(keys.slice(-10)));
});

test('a deleted value stays deleted', () => {
  const memo = new Memo<number>(1);
  memo.set('a', 1);
  memo.set('b', 2);
  memo.delete('a');
  memo.delete('b');
  expect([memo.get('a'), memo.get('b')]).toEqual([undefined, undefined]);
  memo.set('c', 3);
  memo.clear();
  expect(memo.get('c')).toBeUndefined();
});
