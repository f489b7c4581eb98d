// Places in a chat: the sender's order within the bound, whatever the mixes do to it, and nobody's
// clock moves a line further than the bound.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  instantOf,
  ORDER_CORRECTION_MS_MAX,
  ORDER_LOOK_BACK_MAX,
  PLACE_STEP_MS,
  placeOfOwn,
  placeOfReceived,
  type Received,
} from '../../../main/store/chat-order.ts';
import { checkProperty } from '../../support/property.ts';

type Line = { readonly place: number; readonly sentUnixMs: number };
const START = 1_800_000_000_000;

/** Puts them in as they come in, as the store does. */
function arrange(all: readonly Received[]): Line[] {
  const lines: Line[] = [];
  for (const one of all) {
    const instant = instantOf(one);
    const his = lines
      .filter(({ place }) => Math.abs(place - instant) <= ORDER_CORRECTION_MS_MAX)
      .sort((a, b) => b.place - a.place)
      .slice(0, ORDER_LOOK_BACK_MAX);
    const newest = lines.length === 0 ? null : Math.max(...lines.map(({ place }) => place));
    lines.push({ place: placeOfReceived(one, newest, his), sentUnixMs: one.sentUnixMs });
  }
  return lines;
}

describe('places', () => {
  it('of messages that mixes put out of order are in the order in which they were sent', () => {
    const delays = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 40 });
    checkProperty(delays, 200, (each) => {
      const sent = each.map((delayMs, index) => ({
        sentUnixMs: START + index * 1_000,
        arrivedUnixMs: START + index * 1_000 + delayMs,
      }));
      const came = sent
        .toSorted((a, b) => a.arrivedUnixMs - b.arrivedUnixMs)
        .map((one) => ({ ...one, receivedUnixMs: one.arrivedUnixMs + 2_000 }));
      const lines = arrange(came).sort((a, b) => a.place - b.place);
      const order = lines.map(({ sentUnixMs }) => sentUnixMs);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      // The check sees an order that was left as it came, where there is one.
      const asCame = came.map(({ sentUnixMs }) => sentUnixMs);
      const isMixed = asCame.some((at, index) => at < (asCame[index - 1] ?? 0));
      const isSorted = JSON.stringify(asCame) === JSON.stringify(order);
      expect(isMixed).toBe(!isSorted);
    });
  });

  it('are moved by nobody’s clock further than the bound', () => {
    const clocks = fc.array(
      fc.record({ sent: fc.integer({ min: -1e12, max: 1e13 }), gapMs: fc.nat(90_000) }),
      { minLength: 1, maxLength: 40 },
    );
    checkProperty(clocks, 200, (each) => {
      let at = START;
      const came = each.map(({ sent, gapMs }) => {
        at += gapMs;
        return { sentUnixMs: sent, arrivedUnixMs: at, receivedUnixMs: at + 1_000 };
      });
      for (const [index, { place }] of arrange(came).entries()) {
        const instant = instantOf(came[index] as Received);
        expect(Math.abs(place - instant)).toBeLessThanOrEqual(ORDER_CORRECTION_MS_MAX + 40);
      }
    });
  });

  it('of what arrived in one instant are as it was pulled, with room between', () => {
    const one = { arrivedUnixMs: START, receivedUnixMs: START + 900 };
    const lines = arrange([1, 2, 3].map((sentUnixMs) => ({ ...one, sentUnixMs })));
    expect(lines.map(({ place }) => place - START - 900)).toEqual([
      0,
      PLACE_STEP_MS,
      2 * PLACE_STEP_MS,
    ]);
  });

  it('by the provider’s clock are for what lay there', () => {
    const lay = { sentUnixMs: START, arrivedUnixMs: START + 5, receivedUnixMs: START + 9e6 };
    expect(placeOfReceived(lay, START + 8e6, [])).toBe(START + 5);
    const ahead = { sentUnixMs: START, arrivedUnixMs: START + 9e9, receivedUnixMs: START };
    expect(placeOfReceived(ahead, null, [])).toBe(START);
  });

  it('of own lines are after all others', () => {
    expect([placeOfOwn(START, null), placeOfOwn(START, START + 5)]).toEqual([
      START,
      START + 5 + PLACE_STEP_MS,
    ]);
  });
});
