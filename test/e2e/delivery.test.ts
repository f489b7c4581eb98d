// Delivery over a real network that loses and breaks: the short form of `npm run -s long --
// delivery`.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { monotonicMs } from '../../main/system.ts';
import { runDelivery } from '../support/delivery.ts';
import { seededRandom } from '../support/random.ts';

it('every message arrives once or ends as not confirmed, and arrives when sent again', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-delivery-'));
  try {
    const result = await runDelivery({
      folder,
      random: seededRandom('delivery'),
      messages: 30,
      kills: 3,
      pauseMs: 600,
      untilMs: monotonicMs() + 270_000,
      nowMs: monotonicMs,
      say: () => {},
    });
    expect(result).toMatchObject({
      sent: 30,
      arrivedAfterResend: 30,
      duplicates: 0,
      untrue: 0,
      statesThatWentBack: 0,
      kills: 6,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
