// A WebP without what browsers put around a picture: Chromium writes a profile of colours into
// each, and the engine lets through the picture alone (main/engine/messenger/avatar.ts).
const HEAD_SIZE = 12;
const CHUNK_HEAD_SIZE = 8;
/** Of the extended head: there is an alpha channel. */
const ALPHA_FLAG = 0x10;

type Chunk = { readonly name: string; readonly data: Uint8Array };

/** The same picture in as few chunks as it needs; null where `bytes` are no WebP of one picture. */
export function bareWebp(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const chunks = chunksOf(bytes);
  if (chunks === null) return null;
  const named = (name: string) => chunks.filter((chunk) => chunk.name === name);
  const lossless = named('VP8L');
  const lossy = named('VP8 ');
  if (lossless.length + lossy.length !== 1) return null;
  const alpha = named('ALPH');
  const [head] = named('VP8X');
  if (head === undefined || alpha.length !== 1 || lossy.length === 0) {
    return join([...lossless, ...lossy]);
  }
  const data = head.data.slice();
  data[0] = ALPHA_FLAG;
  return join([{ name: 'VP8X', data }, ...alpha, ...lossy]);
}

function chunksOf(bytes: Uint8Array): readonly Chunk[] | null {
  if (textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let at = HEAD_SIZE;
  while (at + CHUNK_HEAD_SIZE <= bytes.length) {
    const size = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEAD_SIZE;
    if (start + size > bytes.length) return null;
    chunks.push({ name: textAt(bytes, at), data: bytes.subarray(start, start + size) });
    at = start + size + (size % 2);
  }
  return chunks;
}

function join(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const sizeOf = ({ data }: Chunk) => CHUNK_HEAD_SIZE + data.length + (data.length % 2);
  const size = chunks.reduce((sum, chunk) => sum + sizeOf(chunk), HEAD_SIZE);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  const putText = (at: number, text: string) => {
    for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  };
  putText(0, 'RIFF');
  view.setUint32(4, size - 8, true);
  putText(8, 'WEBP');
  let at = HEAD_SIZE;
  for (const chunk of chunks) {
    putText(at, chunk.name);
    view.setUint32(at + 4, chunk.data.length, true);
    out.set(chunk.data, at + CHUNK_HEAD_SIZE);
    at += sizeOf(chunk);
  }
  return out;
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
