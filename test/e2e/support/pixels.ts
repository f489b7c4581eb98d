// The colour that was really drawn: one pixel of a screenshot.
import { inflateSync } from 'node:zlib';

/** Red, green and blue of the upper left corner of an 8-bit RGB or RGBA PNG. */
export function cornerPixel(png: Buffer): readonly [number, number, number] {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const size = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      parts.push(png.subarray(at + 8, at + 8 + size));
    }
    at += 12 + size;
  }
  // Every filter of a PNG leaves the first pixel of the first line as it is; its number is first.
  const [, red, green, blue] = inflateSync(Buffer.concat(parts));
  if (red === undefined || green === undefined || blue === undefined) throw new Error('no pixel');
  return [red, green, blue];
}
