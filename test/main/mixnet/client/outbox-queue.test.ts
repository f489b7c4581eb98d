// How long messages wait for slots: one by one, and many of them in one pass.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lane } from '../../../../main/mixnet/client/fair-queue.ts';
import {
  type Queued,
  slotsUntilEachGone,
  slotsUntilGone,
} from '../../../../main/mixnet/client/outbox-queue.ts';
import { checkProperty } from '../../../support/property.ts';

const oneMessage = fc.record({
  lane: fc.constantFrom<Lane>('short', 'long'),
  fragmentCount: fc.integer({ min: 1, max: 9 }),
  nextIndex: fc.integer({ min: 0, max: 9 }),
  isWaiting: fc.boolean(),
});

type Shape = { readonly lane: Lane; readonly fragmentCount: number; readonly nextIndex: number };

function queuedOf({ lane, fragmentCount, nextIndex }: Shape): Queued {
  const stored = { fragmentCount };
  return { lane, stored, again: [], nextIndex: Math.min(nextIndex, fragmentCount) };
}

describe('slots until a message is gone', () => {
  it('are the same for each of many as for one', () => {
    checkProperty(fc.array(oneMessage, { maxLength: 30 }), 500, (records) => {
      const all = records.map(({ isWaiting, ...one }) => ({ isWaiting, message: queuedOf(one) }));
      const waiting = (lane: Lane) =>
        all.filter((one) => one.isWaiting && one.message.lane === lane).map((one) => one.message);
      const lanes = { short: waiting('short'), long: waiting('long') };
      const messages = all.map((one) => one.message);
      const each = messages.map((message) => slotsUntilGone(message, (lane) => lanes[lane]));
      expect(slotsUntilEachGone(messages, (lane) => lanes[lane])).toEqual(each);
    });
  });

  it('are not known of one that waits for none', () => {
    const over = queuedOf({ lane: 'short', fragmentCount: 3, nextIndex: 2 });
    expect(slotsUntilGone(over, () => [])).toBeNull();
    expect(slotsUntilEachGone([over], () => [])).toEqual([null]);
  });
});
