// Doors (doors.ts) for what a user gives beside text of messages: pictures of people, and words of
// a search, which a real index of SQLite is asked for.
import { crc32, deflateSync } from 'node:zlib';
import { isAvatar } from '../../main/engine/messenger/avatar.ts';
import {
  matches,
  parseQuery,
  SNIPPET_LENGTH_MAX,
  snippetOf,
  TRIGRAMS_MAX,
} from '../../main/engine/messenger/query.ts';
import { transaction } from '../../main/store/handle.ts';
import { createMessageSearch } from '../../main/store/message-search.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import { bareWebp } from '../../renderer/contact/bare-webp.ts';
import { AVATAR_SIDE_PX, AVATAR_SIZE_MAX } from '../../shared/api-profile.ts';
import { concatBytes, equalBytes, toUtf8 } from '../../shared/bytes.ts';
import { type Door, door, taken } from './doors.ts';
import { memoryDatabase } from './memory-database.ts';
import { addContacts, uidOf } from './stored-chats.ts';

export function pictureDoors(): readonly Door[] {
  return [...pngDoors(), ...webpDoors(), queryDoor()];
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const side = u32(AVATAR_SIDE_PX);
const pixels = deflateSync(new Uint8Array(AVATAR_SIDE_PX * (1 + 4 * AVATAR_SIDE_PX)));
const header = concatBytes(side, side, Uint8Array.of(8, 6, 0, 0, 0));
type Chunk = { readonly name: string; readonly data: Uint8Array };
const plainPng: readonly Chunk[] = [
  { name: 'IHDR', data: header },
  { name: 'sRGB', data: Uint8Array.of(0) },
  { name: 'IDAT', data: pixels },
  { name: 'IEND', data: new Uint8Array(0) },
];

function pngChunk({ name, data }: Chunk): Uint8Array {
  const body = concatBytes(Buffer.from(name, 'latin1'), data);
  return concatBytes(u32(data.length), body, u32(crc32(body)));
}

/** Chunks of 4 bytes size, 4 of name, then data; the last one ends with the bytes. */
function chunksOf(bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const head = Buffer.from(bytes.subarray(at, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + head.readUInt32BE(0));
    chunks.push({ name: head.toString('latin1', 4), data });
    at += 8 + data.length;
  }
  return chunks;
}

/** What a picture may be made of, judged by its chunks; their sums are right. */
function isPlainPng(chunks: readonly Chunk[]): boolean {
  const names = chunks.map(({ name }) => name);
  const known = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'sRGB', 'gAMA', 'cHRM', 'pHYs', 'sBIT'];
  const first = Buffer.from(chunks[0]?.data ?? []);
  return (
    names.indexOf('IHDR') === 0 &&
    names.lastIndexOf('IHDR') === 0 &&
    names.indexOf('IEND') === names.length - 1 &&
    names.includes('IDAT') &&
    names.every((name) => known.includes(name)) &&
    first.length === 13 &&
    first.readUInt32BE(0) === AVATAR_SIDE_PX &&
    first.readUInt32BE(4) === AVATAR_SIDE_PX
  );
}

function pngDoors(): Door[] {
  const whole = concatBytes(signature, ...plainPng.map(pngChunk));
  const bare = plainPng.map(({ name, data }) => concatBytes(u32(data.length), toUtf8(name), data));
  const names = ['tEXt', 'eXIf', 'acTL', 'IDAT', 'IEND', 'PLTE'];
  const pieces = names.map((name) => concatBytes(u32(0), toUtf8(name)));
  return [
    door(
      'picture, PNG',
      [whole],
      (input) => (isAvatar(input) ? taken(input, equalBytes(input, whole)) : null),
      {
        sizeMax: AVATAR_SIZE_MAX,
      },
    ),
    door(
      'picture, PNG with right sums',
      [concatBytes(...bare)],
      (input) => {
        const chunks = chunksOf(input);
        const png = concatBytes(signature, ...chunks.map(pngChunk));
        const isOne = isAvatar(png);
        return isOne
          ? taken(input.slice(), isPlainPng(chunks) && png.length <= AVATAR_SIZE_MAX)
          : null;
      },
      { pieces, sizeMax: AVATAR_SIZE_MAX },
    ),
  ];
}

function webp(...chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts = chunks.map(([name, data]) => {
    const padding = new Uint8Array(data.length % 2);
    return concatBytes(toUtf8(name), u32(data.length).reverse(), data, padding);
  });
  const body = concatBytes(toUtf8('WEBP'), ...parts);
  return concatBytes(toUtf8('RIFF'), u32(body.length).reverse(), body);
}

/** Names of the chunks of a WebP, by its sizes. */
function webpNames(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const names: string[] = [];
  for (let at = 12; at + 8 <= buffer.length; ) {
    const size = buffer.readUInt32LE(at + 4);
    names.push(buffer.toString('latin1', at, at + 4));
    at += 8 + size + (size % 2);
  }
  return names;
}

function webpDoors(): Door[] {
  const lossy = Uint8Array.of(0x10, 0, 0, 0x9d, 1, 0x2a, 128, 0, 128, 0, 0, 0);
  const bits = 127 | (127 << 14);
  const lossless = Uint8Array.of(0x2f, bits, bits >> 8, bits >> 16, bits >> 24, 7);
  const extended = Uint8Array.of(0x10, 0, 0, 0, 127, 0, 0, 127, 0, 0);
  const plain = [
    webp(['VP8 ', lossy]),
    webp(['VP8L', lossless]),
    webp(['VP8X', extended], ['ALPH', Uint8Array.of(0)], ['VP8 ', lossy]),
  ];
  const profile = ['ICCP', new Uint8Array(9)] as const;
  const dressed = [
    webp(['VP8X', extended], profile, ['VP8 ', lossy], ['EXIF', new Uint8Array(4)]),
    webp(['VP8X', extended], profile, ['ALPH', Uint8Array.of(0)], ['VP8 ', lossy]),
  ];
  const names = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANMF', 'EXIF'];
  const pieces = names.map((name) => concatBytes(toUtf8(name), new Uint8Array(4)));
  return [
    door(
      'picture, WebP',
      plain,
      (input) => {
        if (!isAvatar(input)) return null;
        const found = webpNames(input);
        const pictures = found.filter((name) => name === 'VP8 ' || name === 'VP8L');
        const isKnown = found.every((name) => ['VP8 ', 'VP8L', 'VP8X', 'ALPH'].includes(name));
        const isWhole = Buffer.from(input).readUInt32LE(4) === input.length - 8;
        return taken(input, isKnown && isWhole && pictures.length === 1);
      },
      { pieces, sizeMax: AVATAR_SIZE_MAX },
    ),
    door(
      'picture, WebP made bare',
      [...plain, ...dressed],
      (input) => {
        const bare = bareWebp(input);
        if (bare === null) return null;
        const again = bareWebp(bare);
        const isBare = webpNames(bare).every((name) => names.slice(0, 4).includes(name));
        return taken(input, isBare && again !== null && equalBytes(again, bare));
      },
      { pieces },
    ),
  ];
}

/** Inputs are UTF-16, so that halves of pairs come too. */
function queryDoor(): Door {
  const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
  const valid = ['quiet news', 'ΟΔΥΣΣΕΥΣ', 'the cafe\u0301', '東京 한글', 'a "b" OR c* NEAR(d)'];
  const odd = [
    '"',
    "'",
    '*',
    ' ',
    '\0',
    '\ud83d',
    '\ude42',
    '🙂🙂🙂',
    '\u0301',
    'ſ',
    'İ',
    'ß',
    '^',
    '-',
  ];
  const db = memoryDatabase(profileMigrations);
  addContacts(db, 1, 1);
  transaction(db, (write) => {
    const add = write.prepare(`INSERT INTO message (contact, is_own, uid, text, sent_unix_ms,
      place, is_read) VALUES (1, 0, ?, ?, 1, 1, 1)`);
    for (const [at, text] of valid.entries()) add.run(uidOf(at), text);
  });
  const search = createMessageSearch(db);
  return door(
    'words of a search',
    valid.map(utf16),
    (input) => {
      const text = Buffer.from(input).toString('utf16le');
      const query = parseQuery(text);
      const { trigrams } = query;
      if (query.words.length === 0) return trigrams.length === 0 ? null : taken(input, false);
      for (const trigram of trigrams) search.shareOf(trigram);
      if (trigrams.length > 0) search.indexed(trigrams, null, valid.length + 1, valid.length);
      const { snippet, matches: ranges } = snippetOf(query, text);
      const end = ranges.map(([first, length]) => first + length);
      const isApart = ranges.every(
        ([first, length], at) => length > 0 && first >= (end[at - 1] ?? 0),
      );
      const isInside = snippet.length <= SNIPPET_LENGTH_MAX && (end.at(-1) ?? 0) <= snippet.length;
      const isBounded = trigrams.length <= TRIGRAMS_MAX;
      // A query is found in itself, but where it is no text.
      const isFound = /\p{Cs}/u.test(text) || matches(query, text);
      return taken(input, isApart && isInside && isFound && isBounded);
    },
    { pieces: odd.map(utf16) },
  );
}
