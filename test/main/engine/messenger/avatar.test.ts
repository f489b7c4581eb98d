// Pictures of people: what is one, and what is refused though it looks like one.
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isAvatar } from '../../../../main/engine/messenger/avatar.ts';
import { concatBytes, toUtf8 } from '../../../../shared/bytes.ts';

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
function u32le(value: number): Uint8Array {
  return u32(value).reverse();
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = concatBytes(toUtf8(name), data);
  return concatBytes(u32(data.length), body, u32(crc32(body)));
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
function header(width: number, height: number): Uint8Array {
  return chunk('IHDR', concatBytes(u32(width), u32(height), Uint8Array.of(8, 6, 0, 0, 0)));
}
const pixels = chunk('IDAT', deflateSync(new Uint8Array(128 * (1 + 4 * 128))));
const end = chunk('IEND', new Uint8Array(0));
const png = (...chunks: Uint8Array[]) => concatBytes(signature, ...chunks);

function webp(...chunks: [string, Uint8Array][]): Uint8Array {
  const parts = chunks.map(([name, data]) => {
    const padding = new Uint8Array(data.length % 2);
    return concatBytes(toUtf8(name), u32le(data.length), data, padding);
  });
  const body = concatBytes(toUtf8('WEBP'), ...parts);
  return concatBytes(toUtf8('RIFF'), u32le(body.length), body);
}
const lossy = (side: number, height = side) =>
  Uint8Array.of(0x10, 0, 0, 0x9d, 1, 0x2a, side, side >> 8, height, height >> 8, 0, 0);
const lossless = (side: number) => {
  const bits = (side - 1) | ((side - 1) << 14);
  return Uint8Array.of(0x2f, bits, bits >> 8, bits >> 16, bits >> 24, 7);
};
const extended = (flags: number, side = 128) =>
  Uint8Array.of(flags, 0, 0, 0, side - 1, 0, 0, side - 1, 0, 0);

describe('a picture', () => {
  it.each([
    ['PNG', png(header(128, 128), pixels, end)],
    ['WebP with losses', webp(['VP8 ', lossy(128)])],
    ['WebP without', webp(['VP8L', lossless(128)])],
    [
      'WebP with alpha',
      webp(['VP8X', extended(0x10)], ['ALPH', Uint8Array.of(0)], ['VP8 ', lossy(128)]),
    ],
  ])('is a %s of the one size', (_name, bytes) => {
    expect(isAvatar(bytes)).toBe(true);
  });

  const whole = png(header(128, 128), pixels, end);
  const flipped = whole.slice();
  flipped[40] = (flipped[40] ?? 0) ^ 1;
  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', toUtf8('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a PNG of another size', png(header(129, 128), pixels, end)],
    ['a PNG without its end', png(header(128, 128), pixels)],
    ['a PNG with something behind it', concatBytes(whole, toUtf8('PK'))],
    ['a PNG with words in it', png(header(128, 128), chunk('tEXt', toUtf8('a\0b')), pixels, end)],
    ['an animated PNG', png(header(128, 128), chunk('acTL', new Uint8Array(8)), pixels, end)],
    ['a PNG that was altered', flipped],
    ['a PNG without pixels', png(header(128, 128), end)],
    ['a PNG that is too large', png(header(128, 128), chunk('IDAT', new Uint8Array(24_576)), end)],
    ['a WebP of another size', webp(['VP8 ', lossy(128, 127)])],
    ['a WebP without losses of another size', webp(['VP8L', lossless(64)])],
    ['an animated WebP', webp(['VP8X', extended(0x02)], ['VP8 ', lossy(128)])],
    ['a WebP with EXIF', webp(['VP8 ', lossy(128)], ['EXIF', new Uint8Array(4)])],
    ['a WebP with two pictures', webp(['VP8 ', lossy(128)], ['VP8 ', lossy(128)])],
    ['a WebP with something behind it', concatBytes(webp(['VP8 ', lossy(128)]), toUtf8('PK'))],
    ['a GIF', toUtf8('GIF89a')],
  ])('is not %s', (_name, bytes) => {
    expect(isAvatar(bytes)).toBe(false);
  });

  it('is not what any cut of one leaves', () => {
    for (let size = 0; size < whole.length; size++) {
      expect(isAvatar(whole.subarray(0, size))).toBe(false);
    }
  });
});
