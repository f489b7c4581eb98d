// Pictures of people: one size, one of two containers, nothing beside the picture. The window has
// drawn it anew on a canvas; here it is checked from outside, chunk by chunk, and never decoded.
import { AVATAR_SIDE_PX, AVATAR_SIZE_MAX } from '../../../shared/api-profile.ts';
import { ByteReader, equalBytes, toUtf8 } from '../../../shared/bytes.ts';

const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** What a picture is made of; text, times, profiles of colour and animations are left out. */
const pngChunks = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'sRGB', 'gAMA', 'cHRM', 'pHYs', 'sBIT'];
const riff = toUtf8('RIFF');
const webp = toUtf8('WEBP');

/** Whether these bytes are a PNG or WebP of `AVATAR_SIDE_PX` squared and nothing else. */
export function isAvatar(bytes: Uint8Array): boolean {
  if (bytes.length > AVATAR_SIZE_MAX) return false;
  return isPng(bytes) || isWebp(bytes);
}

function isPng(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes);
  if (!equalBytes(reader.raw(8), pngSignature)) return false;
  const seen: string[] = [];
  while (reader.isWhole && reader.remaining > 0 && seen.at(-1) !== 'IEND') {
    const size = reader.u32();
    const name = ascii(reader.raw(4));
    const data = reader.raw(size);
    const sum = reader.u32();
    if (!reader.isWhole || !pngChunks.includes(name) || sum !== crc32(name, data)) return false;
    if (seen.length === 0 && (name !== 'IHDR' || !isPngHeader(data))) return false;
    if (name === 'IEND' && size !== 0) return false;
    seen.push(name);
  }
  const isOnce = (name: string) => seen.filter((one) => one === name).length === 1;
  return reader.isFinished && isOnce('IHDR') && isOnce('IEND') && seen.includes('IDAT');
}

/** Width, height, depth, colour, compression, filter, interlace. */
function isPngHeader(data: Uint8Array): boolean {
  const reader = new ByteReader(data);
  const isSquare = reader.u32() === AVATAR_SIDE_PX && reader.u32() === AVATAR_SIDE_PX;
  const [depth, colour, compression, filter, interlace] = reader.raw(5);
  const isKnown = depth === 8 && [0, 2, 3, 4, 6].includes(colour ?? 1);
  const isPlain = compression === 0 && filter === 0 && (interlace === 0 || interlace === 1);
  return reader.isFinished && isSquare && isKnown && isPlain;
}

function isWebp(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes);
  if (!equalBytes(reader.raw(4), riff)) return false;
  if (u32le(reader) !== bytes.length - 8 || !equalBytes(reader.raw(4), webp)) return false;
  const sizes: (readonly [number, number] | null)[] = [];
  while (reader.isWhole && reader.remaining > 0) {
    const name = ascii(reader.raw(4));
    const size = u32le(reader);
    const data = reader.raw(size);
    if (size % 2 === 1 && reader.u8() !== 0) return false;
    if (name === 'VP8 ') sizes.push(lossySize(data));
    else if (name === 'VP8L') sizes.push(losslessSize(data));
    // Extended: the flags may say that there is an alpha channel, and no more.
    else if (name === 'VP8X') {
      if (data.length !== 10 || ((data[0] ?? 0) & ~0x10) !== 0) return false;
      const side = (at: number) => 1 + (data[at] ?? 0) + (data[at + 1] ?? 0) * 0x100;
      if (side(4) !== AVATAR_SIDE_PX || side(7) !== AVATAR_SIDE_PX) return false;
    } else if (name !== 'ALPH') return false;
  }
  const [size] = sizes;
  if (!reader.isFinished || sizes.length !== 1 || size === undefined || size === null) return false;
  return size[0] === AVATAR_SIDE_PX && size[1] === AVATAR_SIDE_PX;
}

/** Of a key frame: three bytes of flags, the start code, two sides of 14 bits. */
function lossySize(data: Uint8Array): readonly [number, number] | null {
  const isKeyFrame = ((data[0] ?? 1) & 1) === 0;
  const isStart = data[3] === 0x9d && data[4] === 0x01 && data[5] === 0x2a;
  if (!isKeyFrame || !isStart || data.length < 10) return null;
  const side = (at: number) => ((data[at] ?? 0) + (data[at + 1] ?? 0) * 0x100) & 0x3fff;
  return [side(6), side(8)];
}

/** A signature byte, then two sides less one of 14 bits, the alpha bit and the version. */
function losslessSize(data: Uint8Array): readonly [number, number] | null {
  if (data[0] !== 0x2f || data.length < 5) return null;
  const [, a = 0, b = 0, c = 0, d = 0] = data;
  if (d >> 5 !== 0) return null;
  return [1 + a + ((b & 0x3f) << 8), 1 + (b >> 6) + (c << 2) + ((d & 0x0f) << 10)];
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function u32le(reader: ByteReader): number {
  const [a = 0, b = 0, c = 0, d = 0] = reader.raw(4);
  return a + b * 0x100 + c * 0x10000 + d * 0x1000000;
}

/** Of a chunk's name and data, as PNG has it (ISO 3309). */
function crc32(name: string, data: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of [...toUtf8(name), ...data]) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ ((sum & 1) === 0 ? 0 : 0xedb88320);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
