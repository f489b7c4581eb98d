// QR codes both ways: the modules of a text to draw, and the text in the pixels of a picture.
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';

/** The longest text that is drawn: a code's bytes with the longest name of a network. */
export const QR_TEXT_LENGTH_MAX = 1_024;
/** What reading one picture may take beyond its first look, ms. */
const READ_MS_MAX = 400;

/**
 * The modules of `text`, rows from the top, true is dark, without quiet space; null where it is
 * too long. With the least error correction: a screen has no scratches, and larger modules are
 * read from farther away.
 */
export function qrModules(text: string): readonly (readonly boolean[])[] | null {
  if (text === '' || text.length > QR_TEXT_LENGTH_MAX) return null;
  const framed = encodeQR(text, 'raw', { ecc: 'low', encoding: 'byte', border: 1 });
  return framed.slice(1, -1).map((row) => row.slice(1, -1));
}

/** Pixels as a canvas gives them: four bytes each, rows from the top. */
export type Pixels = {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
};

/** The text of a QR code in `pixels`; null where none is found. Never throws. */
export function readQr({ width, height, data }: Pixels): string | null {
  try {
    return decodeQR({ width, height, data }, { format: 'RGBA', timeLimit: READ_MS_MAX });
  } catch {
    return null;
  }
}
