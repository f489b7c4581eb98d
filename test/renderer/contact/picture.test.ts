// Which square of a picture is shown, and what counts as a picture of a person at all.
import { describe, expect, it } from 'vitest';
import { isAvatar } from '../../../main/engine/messenger/avatar.ts';
import { bareWebp } from '../../../renderer/contact/bare-webp.ts';
import { moved } from '../../../renderer/contact/picture-editor.tsx';
import { cropOf } from '../../../renderer/contact/picture-file.ts';
import { pictureAddress } from '../../../renderer/ui/avatar.tsx';

const wide = { width: 400, height: 200 };
const middle = { zoom: 1, across: 0.5, down: 0.5 };

describe('the square of a picture', () => {
  it('is the largest there is at first, in the middle', () => {
    expect(cropOf(wide, middle)).toEqual({ x: 100, y: 0, side: 200 });
  });
  it('stays inside, however far in and wherever', () => {
    for (const zoom of [1, 1.5, 4]) {
      for (const place of [0, 0.3, 1]) {
        const { x, y, side } = cropOf(wide, { zoom, across: place, down: place });
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x + side).toBeLessThanOrEqual(wide.width);
        expect(y + side).toBeLessThanOrEqual(wide.height);
      }
    }
  });
  it('follows the pointer: what lay under it stays there, as far as there is picture', () => {
    const dragged = moved(middle, wide, 96, 0);
    // 96 px of 192 are half the square: 100 px of the picture.
    expect(cropOf(wide, dragged).x).toBe(0);
    expect(moved(middle, wide, 500, 500)).toEqual({ zoom: 1, across: 0, down: 0.5 });
  });
});

describe('a WebP as Chromium writes it', () => {
  const chunk = (name: string, data: readonly number[]) => {
    const size = [data.length & 0xff, data.length >> 8, 0, 0];
    return [...Buffer.from(name), ...size, ...data, ...(data.length % 2 === 1 ? [0] : [])];
  };
  const webp = (...chunks: readonly (readonly number[])[]) => {
    const body = [...Buffer.from('WEBP'), ...chunks.flat()];
    return Uint8Array.from([
      ...Buffer.from('RIFF'),
      body.length & 0xff,
      body.length >> 8,
      0,
      0,
      ...body,
    ]);
  };
  const head = chunk('VP8X', [0x20, 0, 0, 0, 127, 0, 0, 127, 0, 0]);
  const colours = chunk('ICCP', Array<number>(455).fill(7));
  const picture = chunk('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, 128, 0, 128, 0, 1]);

  it('is refused by the engine for its profile of colours, and taken without', () => {
    const written = webp(head, colours, picture);
    expect(isAvatar(written)).toBe(false);
    const bare = bareWebp(written);
    expect(bare).toEqual(webp(picture));
    expect(bare === null ? false : isAvatar(bare)).toBe(true);
  });
  it('keeps its alpha channel', () => {
    const alpha = chunk('ALPH', [1, 2, 3]);
    const plainHead = chunk('VP8X', [0x10, 0, 0, 0, 127, 0, 0, 127, 0, 0]);
    const bare = bareWebp(webp(head, colours, alpha, picture));
    expect(bare).toEqual(webp(plainHead, alpha, picture));
    expect(bare === null ? false : isAvatar(bare)).toBe(true);
  });
  it('is none where it is cut, of two pictures, or of nothing', () => {
    expect(bareWebp(webp(head, colours, picture).slice(0, -4))).toBeNull();
    expect(bareWebp(webp(picture, picture))).toBeNull();
    expect(bareWebp(webp(head))).toBeNull();
    expect(bareWebp(new Uint8Array())).toBeNull();
  });
});

describe('a picture of a person', () => {
  it('is shown where it begins like PNG or WebP', () => {
    expect(pictureAddress('iVBORw0KGgo-_A')).toBe('data:image/png;base64,iVBORw0KGgo+/A');
    expect(pictureAddress('UklGRiQA')).toBe('data:image/webp;base64,UklGRiQA');
  });
  it.each(['', 'PHN2Zz4', 'R0lGODlh', 'iVBORw0KGgo"x', 'UklGR,x'])('is not: %s', (other) => {
    expect(pictureAddress(other)).toBeNull();
  });
});
