// QR codes: what is drawn is read again, and what is no code is not.
import { describe, expect, it } from 'vitest';
import { QR_TEXT_LENGTH_MAX, qrModules, readQr } from '../../../renderer/contact/qr.ts';
import { seededRandom } from '../../support/random.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** As long as a code with the longest name of a network. */
const CODE_LENGTH = 373 + 256;

function randomBytes(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  seededRandom(seed).fill(bytes);
  return bytes;
}

function codeText(seed: number, length: number): string {
  const bytes = randomBytes(seed, length);
  return `eddy:c/${Array.from(bytes, (byte) => alphabet[byte % 64]).join('')}`;
}

/** A picture of `text`: `scale` px a module, four modules of light around it. */
function picture(text: string, scale: number) {
  const modules = qrModules(text) ?? [];
  const side = (modules.length + 8) * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isDark = modules[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4] === true;
      if (isDark) data.fill(20, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return { width: side, height: side, data };
}

describe('a code as a picture', () => {
  it.each([1, 2, 3])('is read as the text it was drawn from (seed %i)', (seed) => {
    const text = codeText(seed, CODE_LENGTH);
    expect(readQr(picture(text, 3))).toBe(text);
  });
  it('is square, begins with a finder, and has no quiet space of its own', () => {
    const modules = qrModules(codeText(4, 373)) ?? [];
    expect(modules.every((row) => row.length === modules.length)).toBe(true);
    expect(modules[0]?.slice(0, 8)).toEqual([...Array<boolean>(7).fill(true), false]);
  });
  it('is not drawn of nothing, nor of what is longer than any code', () => {
    expect(qrModules('')).toBeNull();
    expect(qrModules('x'.repeat(QR_TEXT_LENGTH_MAX + 1))).toBeNull();
    expect(qrModules('x'.repeat(QR_TEXT_LENGTH_MAX))).not.toBeNull();
  });
});

describe('what is no code', () => {
  const side = 120;
  it('is told as none: light, noise, and a code with a corner gone', () => {
    const light = new Uint8ClampedArray(side * side * 4).fill(255);
    expect(readQr({ width: side, height: side, data: light })).toBeNull();
    const noise = new Uint8ClampedArray(randomBytes(5, side * side * 4));
    expect(readQr({ width: side, height: side, data: noise })).toBeNull();
    const cut = picture(codeText(6, 373), 3);
    for (let y = 0; y < cut.height / 3; y++) {
      const row = y * cut.width * 4;
      cut.data.fill(255, row, row + cut.width * 2);
    }
    expect(readQr(cut)).toBeNull();
    expect(readQr({ width: 0, height: 0, data: new Uint8ClampedArray() })).toBeNull();
  });
});
