// Which square of a picture is shown, and what counts as a picture of a person at all.
import { describe, expect, it } from 'vitest';
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

describe('a picture of a person', () => {
  it('is shown where it begins like PNG or WebP', () => {
    expect(pictureAddress('iVBORw0KGgo-_A')).toBe('data:image/png;base64,iVBORw0KGgo+/A');
    expect(pictureAddress('UklGRiQA')).toBe('data:image/webp;base64,UklGRiQA');
  });
  it.each(['', 'PHN2Zz4', 'R0lGODlh', 'iVBORw0KGgo"x', 'UklGR,x'])('is not: %s', (other) => {
    expect(pictureAddress(other)).toBeNull();
  });
});
