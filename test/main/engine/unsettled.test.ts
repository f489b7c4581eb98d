// What waits for somebody who has failed is rejected, and nothing else is.
import { describe, expect, it } from 'vitest';
import { Unsettled } from '../../../main/engine/unsettled.ts';

describe('promises that are settled later', () => {
  it('are as their settler says while he can, and rejected once he has failed', async () => {
    const unsettled = new Unsettled();
    const given = unsettled.promise<number>((resolve) => resolve(1));
    const refused = unsettled.promise((_, reject) => reject(new Error('refused')));
    await expect(given).resolves.toBe(1);
    await expect(refused).rejects.toThrow('refused');
    const waiting = [unsettled.promise(() => {}), unsettled.promise(() => {})];
    unsettled.fail(new Error('failed'));
    for (const one of waiting) await expect(one).rejects.toThrow('failed');
    let isBegun = false;
    const late = unsettled.promise(() => {
      isBegun = true;
    });
    await expect(late).rejects.toThrow('failed');
    expect(isBegun).toBe(false);
  });
});
