// Whose turn it is: a long message delays a short one by two slots at most, and both are served.
import { describe, expect, it } from 'vitest';
import {
  createFairQueue,
  type FairQueue,
  PASSED_OVER_MAX,
} from '../../../../main/mixnet/client/fair-queue.ts';

type Item = { readonly name: string; left: number };
const always = () => true;

/** Serves one slot; what is used up leaves the queue. */
function serve(queue: FairQueue<Item>): string | null {
  const item = queue.next(always);
  if (item === null) return null;
  item.left -= 1;
  if (item.left === 0) {
    queue.remove('short', item);
    queue.remove('long', item);
  }
  return item.name;
}

/**
 * Slots of long messages that passed over each short one, at most, where shorts come all the time.
 */
function passedOver(queue: FairQueue<Item>): { readonly most: number; readonly longs: number } {
  const waitingSince = new Map<string, number>();
  let longs = 0;
  let most = 0;
  for (let long = 0; long < 3; long++) queue.push('long', { name: `L${long}`, left: 10_000 });
  for (let slot = 0; slot < 3_000; slot++) {
    if (slot % 2 === 0) {
      const name = `S${slot}`;
      waitingSince.set(name, longs);
      queue.push('short', { name, left: 1 + (slot % 3 === 0 ? 1 : 0) });
    }
    const served = serve(queue);
    if (served?.startsWith('L') === true) longs += 1;
    else if (served !== null) most = Math.max(most, longs - (waitingSince.get(served) ?? longs));
  }
  return { most, longs };
}

describe('the fair queue', () => {
  it('lets no long message pass over a short one more than twice, and starves none', () => {
    const { most, longs } = passedOver(createFairQueue<Item>());
    expect(most).toBeLessThanOrEqual(PASSED_OVER_MAX);
    expect(longs).toBeGreaterThan(300);
  });

  it('would be seen to do so, were it first come, first served', () => {
    const items: Item[] = [];
    const plain: FairQueue<Item> = {
      push: (_, item) => items.push(item),
      pushFirst: (_, item) => items.unshift(item),
      remove: (_, item) => void items.splice(items.indexOf(item) >>> 0, 1),
      next: () => items[0] ?? null,
      waiting: () => items,
    };
    expect(passedOver(plain).longs).toBe(3_000);
    const turns: FairQueue<Item> = { ...createFairQueue<Item>() };
    const long = { name: 'L', left: 1e6 };
    let turn = 0;
    const alternating: FairQueue<Item> = {
      ...turns,
      next: (accepts) => (turn++ % 4 === 0 ? turns.next(accepts) : long),
    };
    expect(passedOver(alternating).most).toBeGreaterThan(PASSED_OVER_MAX);
  });

  it('lets long messages take turns', () => {
    const queue = createFairQueue<Item>();
    for (const name of ['a', 'b', 'c']) queue.push('long', { name, left: 3 });
    const served = Array.from({ length: 9 }, () => serve(queue));
    expect(served).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('serves short messages in order, and one that comes back first', () => {
    const queue = createFairQueue<Item>();
    const [a, b] = [
      { name: 'a', left: 2 },
      { name: 'b', left: 1 },
    ];
    queue.push('short', a);
    queue.push('short', b);
    expect(serve(queue)).toBe('a');
    queue.pushFirst('short', b);
    expect([serve(queue), serve(queue), serve(queue)]).toEqual(['b', 'a', null]);
  });

  it('passes over what is not accepted', () => {
    const queue = createFairQueue<Item>();
    queue.push('short', { name: 'a', left: 1 });
    queue.push('short', { name: 'b', left: 1 });
    expect(queue.next(({ name }) => name === 'b')?.name).toBe('b');
    expect(queue.next(() => false)).toBeNull();
  });
});
