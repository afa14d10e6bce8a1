import { FairQueue } from './fair-queue.js';

interface Item {
  user: string;
  weight: number;
}

function queueOf(room: number, ...items: Item[]) {
  const queue = new FairQueue<string>(room);
  const added = new Map<string, number>();
  const add = ({ user, weight }: Item): boolean => {
    const number = (added.get(user) ?? 0) + 1;
    added.set(user, number);
    return queue.add(`${user}${number}`, user, weight);
  };
  return { queue, add, accepted: items.map(add) };
}

const times = (count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('a fair queue', () => {
  it('keeps the order of arrival of one user, and returns as many items as fit', () => {
    const { queue } = queueOf(100, ...times(5, { user: 'a', weight: 1 }));
    expect([queue.take(2), queue.take(2), queue.take(2)]).toEqual([['a1', 'a2'], ['a3', 'a4'], ['a5']]);
  });

  it('serves users in turn, also users who join later', () => {
    const { queue, add } = queueOf(100, ...times(4, { user: 'a', weight: 1 }), ...times(2, { user: 'b', weight: 1 }));
    expect(queue.take(3)).toEqual(['a1', 'b1', 'a2']);
    add({ user: 'c', weight: 1 });
    expect(queue.take(3)).toEqual(['b2', 'c1', 'a3']);
  });

  it('passes over items that are not free, which keep their places', () => {
    const { queue } = queueOf(100, ...times(3, { user: 'a', weight: 1 }), ...times(2, { user: 'b', weight: 1 }));
    expect(queue.take(2, (item) => item !== 'a1' && item !== 'b1')).toEqual(['a2', 'b2']);
    expect(queue.take(9)).toEqual(['a1', 'b1', 'a3']);
  });

  it('lets a user who comes later start where the others are, also after an item was passed over', () => {
    const { queue, add } = queueOf(100, ...times(4, { user: 'a', weight: 1 }));
    queue.take(2, (item) => item !== 'a1');
    queue.take(1);
    add({ user: 'b', weight: 1 });
    add({ user: 'b', weight: 1 });
    expect(queue.take(9)).toEqual(['b1', 'a4', 'b2']);
  });

  it('counts the weight of items: light items of one user come before the next heavy item of another', () => {
    const { queue, add } = queueOf(20_000, ...times(5, { user: 'a', weight: 1_000 }));
    expect(queue.take(128)).toEqual(['a1']);
    times(28, { user: 'b', weight: 1 }).forEach(add);
    expect(queue.take(128)).toHaveLength(28);
    expect(queue.take(128)).toEqual(['a2']);
  });

  it('is never filled by one user, and has room for others', () => {
    const { accepted, add } = queueOf(20_000, ...times(30, { user: 'a', weight: 1_000 }));
    expect(accepted.filter(Boolean)).toHaveLength(10);
    expect(times(28, { user: 'b', weight: 1 }).map(add)).toEqual(Array(28).fill(true));
    expect(times(10, { user: 'c', weight: 1_000 }).map(add).filter(Boolean)).toHaveLength(5);
    expect(add({ user: 'd', weight: 1 })).toBe(true);
  });

  it('accepts an item of any weight while it is empty', () => {
    const { queue, add, accepted } = queueOf(10, { user: 'a', weight: 50 });
    expect([accepted, add({ user: 'b', weight: 1 })]).toEqual([[true], false]);
    expect(queue.take(3)).toEqual(['a1']);
    expect(add({ user: 'b', weight: 1 })).toBe(true);
  });
});
