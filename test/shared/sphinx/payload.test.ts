// Padding has one form: what pads to a payload is what it unpads to, and nothing else unpads.
import { describe, expect, it } from 'vitest';
import { padPayload, unpadPayload } from '../../../shared/sphinx/payload.ts';

const plaintexts = [[], [1], [0], [1, 0], [0, 1, 1, 0], Array<number>(16).fill(1)];

describe('a padded payload', () => {
  it.each(plaintexts)('gives back its plaintext: %#', (...bytes: number[]) => {
    const plaintext = Uint8Array.from(bytes);
    for (const size of [33, 40, 2065]) {
      const payload = padPayload(plaintext, size);
      expect(payload).toHaveLength(size);
      expect(unpadPayload(payload)).toEqual(plaintext);
    }
  });

  it('holds a plaintext 17 bytes shorter, not 16', () => {
    expect(unpadPayload(padPayload(new Uint8Array(2048), 2065))).toHaveLength(2048);
    expect(() => padPayload(new Uint8Array(2049), 2065)).toThrow('must hold');
    expect(() => padPayload(new Uint8Array(0), 32)).toThrow('must hold');
  });
});

describe('an altered payload gives nothing', () => {
  const payload = padPayload(Uint8Array.of(9, 9), 40);
  const altered = (offset: number, value: number) => payload.with(offset, value);

  it('with any of the sixteen zeros gone', () => {
    for (let offset = 0; offset < 16; offset++) {
      expect(unpadPayload(altered(offset, 128))).toBeNull();
    }
  });

  it('with anything but zeros after the end marker', () => {
    for (let offset = 19; offset < 40; offset++) {
      expect(unpadPayload(altered(offset, 2))).toBeNull();
    }
  });

  it('without an end marker, or too short for one', () => {
    expect(unpadPayload(altered(18, 0))).toBeNull();
    expect(unpadPayload(new Uint8Array(40))).toBeNull();
    expect(unpadPayload(payload.subarray(0, 16))).toBeNull();
    expect(unpadPayload(new Uint8Array(0))).toBeNull();
  });
});
