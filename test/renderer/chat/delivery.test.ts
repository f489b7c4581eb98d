// The words of every state, what can be done in it, and what a screen reader is told unasked.
import { describe, expect, it } from 'vitest';
import {
  actionOf,
  type Delivery,
  deliveryName,
  deliveryOf,
  deliveryWords,
  isAnnounced,
  keepsItsWords,
} from '../../../renderer/chat/delivery.ts';
import { createText } from '../../../renderer/strings/catalogue.ts';
import { en } from '../../../renderer/strings/en.ts';
import { createFormats } from '../../../renderer/strings/formats.ts';
import type { Speech } from '../../../renderer/strings/language.ts';
import { deliveryStates } from '../../../renderer/ui/delivery-glyph.tsx';
import type { MessageDelivery } from '../../../shared/api-chat.ts';

const speech: Speech = {
  language: 'en',
  locale: 'en',
  direction: 'ltr',
  text: createText(en, 'en'),
  formats: createFormats('en-GB', 'UTC'),
};
const atUnixMs = Date.UTC(2026, 10, 22, 14, 14);
const usual = { fromSeconds: 3, toSeconds: 7 };

const told: readonly [Delivery, words: string, name: string][] = [
  [
    { state: 'queued', leavesInSeconds: 2 },
    'Queued, leaves in about 2 seconds',
    'Queued on this computer',
  ],
  [
    { state: 'in_the_mix', atUnixMs, usual },
    'In the mix since 14:14, usually 3 to 7 seconds',
    'In the mix, left this computer at 14:14',
  ],
  [
    { state: 'at_provider', atUnixMs },
    'At Mara’s provider, 14:14',
    'Stored at their provider, 14:14',
  ],
  [{ state: 'delivered', atUnixMs }, 'Delivered 14:14', 'Delivered to their Eddy, 14:14'],
  [{ state: 'read', atUnixMs }, 'Read 14:14', 'Read, 14:14'],
  [{ state: 'waiting' }, 'Waiting for the network, goes out by itself', 'Waiting for the network'],
  [{ state: 'retrying', tryCount: 2 }, 'Trying again, 2nd try', 'Trying again, 2nd try'],
  [
    { state: 'not_confirmed' },
    'Not confirmed, may have arrived',
    'Not confirmed, may have arrived',
  ],
  [
    { state: 'expired' },
    'Expired, no receipt came before their provider’s limit',
    'Expired, no receipt came',
  ],
  [
    { state: 'failed', reason: 'too large for this network', isFinal: true },
    'Not sent: too large for this network',
    'Not sent: too large for this network',
  ],
];

describe('a state of delivery', () => {
  it('is told for every state there is', () => {
    expect(told.map(([delivery]) => delivery.state)).toEqual([...deliveryStates]);
  });
  it.each(told)('%o', (delivery, words, name) => {
    expect(deliveryWords(speech, delivery, 'Mara')).toBe(words);
    expect(deliveryName(speech, delivery)).toBe(name);
  });
  it('guesses no time that is not known', () => {
    const queued: Delivery = { state: 'queued', leavesInSeconds: null };
    const mixed: Delivery = { state: 'in_the_mix', atUnixMs, usual: null };
    expect(deliveryWords(speech, queued, 'Mara')).toBe('Queued, leaves when it is its turn');
    expect(deliveryWords(speech, mixed, 'Mara')).toBe('In the mix since 14:14');
  });
  it('can be cancelled while queued, and sent again where it may not have come', () => {
    const can = (action: 'cancel' | 'again') =>
      told.flatMap(([delivery]) => (actionOf(delivery) === action ? [delivery.state] : []));
    expect(can('cancel')).toEqual(['queued', 'waiting']);
    expect(can('again')).toEqual(['not_confirmed', 'expired']);
  });
  it('offers another try of what failed, unless it cannot help', () => {
    const packets = { confirmed: 0, all: 1 };
    const failed = (reason: MessageDelivery['reason']) =>
      deliveryOf(
        speech,
        { state: 'failed', atUnixMs, leavesInMs: null, tryCount: 1, reason, packets },
        null,
      );
    expect(actionOf(failed('outbox_full'))).toBe('again');
    expect(actionOf(failed('too_large'))).toBeNull();
  });
  it('is announced when it ends, and keeps its words where a hand is needed', () => {
    expect(deliveryStates.filter(isAnnounced)).toEqual(['delivered', 'expired', 'failed']);
    expect(deliveryStates.filter(keepsItsWords)).toEqual(['expired', 'failed']);
  });
});
