// Contact codes: they come back from text and bytes, every wrong one is told apart, and nothing
// that is pasted or scanned makes the parser throw.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, toBase64url } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { formatNetworkLink } from '../../../shared/network/network-file.ts';
import { drawBelow, drawBytes } from '../../../shared/random.ts';
import {
  CONTACT_CODE_SIZE_MAX,
  CONTACT_CODE_TEXT_MAX,
  type ContactCodeReader,
  createContactCode,
  decodeContactCode,
  formatContactCode,
  parseContactCode,
} from '../../../shared/session/contact-code.ts';
import { fastestEngine } from '../../support/engines.ts';
import { createCode, createPerson, DAY_MS, NOW_UNIX_MS, readerOf } from '../../support/people.ts';
import { checkProperty } from '../../support/property.ts';
import { seededRandom } from '../../support/random.ts';

const engine = await fastestEngine();
const bob = createPerson(engine, 'bob');
const reader = readerOf(createPerson(engine, 'ada'));
const { code } = createCode(engine, bob);
const text = formatContactCode(code);

const reasonOf = (input: string | Uint8Array, by: ContactCodeReader = reader) => {
  const parsed =
    typeof input === 'string'
      ? parseContactCode(engine, input, by)
      : decodeContactCode(engine, input, by);
  return parsed.ok ? 'ok' : parsed.reason;
};

/** The code's bytes with a change, and a checksum that fits it again. */
function resealed(change: (content: Uint8Array) => Uint8Array): Uint8Array {
  const content = change(code.bytes.slice(0, -4));
  const hash = new Uint8Array(32);
  engine.sha256(hash, content);
  return concatBytes(content, hash.subarray(0, 4));
}

describe('a contact code', () => {
  it('comes back from its text and from its bytes, whatever it holds', () => {
    const kinds = fc.constantFrom('invite' as const, 'address' as const);
    const names = fc.string({ unit: fc.constantFrom('a', 'Ü', '艾'), minLength: 1, maxLength: 64 });
    checkProperty(fc.tuple(kinds, names), 20, ([kind, networkName]) => {
      const { address } = bob;
      const expiresUnixMs = NOW_UNIX_MS + DAY_MS;
      const made = createContactCode(engine, bob.identity, {
        kind,
        networkName,
        address,
        expiresUnixMs,
        prekey: bob.identity.agreementKey,
      });
      expect(made.bytes.length).toBeLessThanOrEqual(CONTACT_CODE_SIZE_MAX);
      const expected = { ok: true, code: made };
      expect(parseContactCode(engine, formatContactCode(made), reader)).toEqual(expected);
      expect(decodeContactCode(engine, made.bytes, reader)).toEqual(expected);
      expect(made).toMatchObject({
        kind,
        networkName,
        address,
        expiresUnixMs: NOW_UNIX_MS + DAY_MS - (NOW_UNIX_MS % 60_000),
      });
    });
  });

  it('has 275 bytes and those of the network’s name', () => {
    expect(code.bytes).toHaveLength(275 + 'test'.length);
    expect(text).toHaveLength(7 + 372);
    expect(text.startsWith('eddy:c/')).toBe(true);
  });

  it('is read with what mails, sentences and line breaks put into it', () => {
    const lines = text.replace(/(.{60})/g, '$1\r\n\u200b ');
    for (const form of [lines, ` \t${text}\n`, `<${text}>`, `"${text}".`, `\ufeff${text}`]) {
      expect(reasonOf(form)).toBe('ok');
    }
    expect(reasonOf(text.replace('eddy:c/', 'EDDY:C/'))).toBe('ok');
  });

  it('is told apart: empty, a network link, something else, too long', () => {
    expect(reasonOf('')).toBe('empty');
    expect(reasonOf(' \n\u200b')).toBe('empty');
    expect(reasonOf(new Uint8Array(0))).toBe('empty');
    const network = {
      name: 'test',
      authorities: [{ key: new Uint8Array(32).fill(7), addresses: ['127.0.0.1:1'] }],
      epoch0UnixMs: 1,
    };
    expect(reasonOf(formatNetworkLink(engine, network))).toBe('network_link');
    expect(reasonOf('https://example.org/')).toBe('not_a_code');
    expect(reasonOf('eddy:s/AAAA')).toBe('not_a_code');
    expect(reasonOf(text.padEnd(CONTACT_CODE_TEXT_MAX, ' '))).toBe('ok');
    expect(reasonOf(text.padEnd(CONTACT_CODE_TEXT_MAX + 1, ' '))).toBe('too_long');
  });

  it('is truncated wherever it was cut', () => {
    for (let size = 1; size < text.length; size++) {
      expect(reasonOf(text.slice(0, size)), `${size} characters`).toBe('truncated');
    }
    for (let size = 1; size < code.bytes.length; size++) {
      expect(reasonOf(code.bytes.subarray(0, size)), `${size} bytes`).toBe('truncated');
    }
  });

  it('is altered where a character was changed, swapped, or added', () => {
    // The first four say how long a code is: one that says longer lacks its end.
    for (let offset = 0; offset < code.bytes.length; offset++) {
      const bytes = code.bytes.slice();
      bytes[offset] = (bytes[offset] ?? 0) ^ (offset === 2 ? 4 : 0x10);
      expect(reasonOf(bytes), `byte ${offset}`).toBe('altered');
    }
    expect(reasonOf(code.bytes.with(2, 5))).toBe('truncated');
    expect(reasonOf(`${text}A`)).toBe('altered');
    expect(reasonOf(`${text.slice(0, 100)}*${text.slice(101)}`)).toBe('altered');
    expect(reasonOf(text.slice(0, 7) + text.slice(7).toLowerCase())).toBe('altered');
    expect(reasonOf(concatBytes(code.bytes, Uint8Array.of(0)))).toBe('altered');
  });

  it('of a newer version says so, if it is whole', () => {
    const newer = resealed((content) => concatBytes(content.with(0, 2), Uint8Array.of(9)));
    expect(reasonOf(newer)).toBe('newer_version');
    expect(reasonOf(`eddy:c/${toBase64url(newer)}`)).toBe('newer_version');
    expect(reasonOf(newer.subarray(0, -1))).toBe('altered');
  });

  it('is malformed where a field is impossible though the checksum fits', () => {
    const changes: ((content: Uint8Array) => Uint8Array)[] = [
      (content) => content.with(0, 0),
      (content) => content.with(1, 3),
      (content) => content.with(3, 0),
      (content) => content.with(3, 0xff),
      // Provider's key, mailbox, mailbox's key, both identity keys, prekey, expiry.
      (content) => content.fill(0, 15, 47),
      (content) => content.fill(0, 47, 63),
      (content) => content.fill(0, 79, 111),
      (content) => content.fill(0, 111, 143),
      (content) => content.fill(0, 143, 175),
      (content) => content.fill(0, 175, 207),
      (content) => content.fill(0, 207, 211),
    ];
    for (const change of changes) expect(reasonOf(resealed(change))).toBe('malformed');
    // Longer than a name can be, with all the bytes that it asks for.
    const long = concatBytes(Uint8Array.of(1, 1, 255), new Uint8Array(1_024));
    expect(reasonOf(long)).toBe('altered');
  });

  it('is malformed where a signed key is of low order', () => {
    const one = new Uint8Array(32).with(0, 1);
    const fields = { ...code, prekey: one };
    expect(reasonOf(createContactCode(engine, bob.identity, fields).bytes)).toBe('malformed');
    const address = { ...code.address, mailboxKey: one };
    const weak = createContactCode(engine, bob.identity, { ...code, address });
    expect(reasonOf(weak.bytes)).toBe('malformed');
  });

  it('is forged where its owner did not sign it', () => {
    for (const offset of [5, 20, 50, 70, 90, 120, 150, 180, 209, 215, 270]) {
      const bytes = resealed((content) => content.with(offset, (content[offset] ?? 0) ^ 1));
      expect(['forged', 'malformed'], `byte ${offset}`).toContain(reasonOf(bytes));
    }
    expect(reasonOf(resealed((content) => content.with(70, (content[70] ?? 0) ^ 1)))).toBe(
      'forged',
    );
    // A planted defect: without the check of signatures, a forged code is taken for a good one.
    const trusting: CryptoEngine = { ...engine, ed25519Verify: () => true };
    const bytes = resealed((content) => content.with(70, (content[70] ?? 0) ^ 1));
    expect(decodeContactCode(trusting, bytes, reader).ok).toBe(true);
  });

  it('is held against its reader: own, foreign, reused, expired', () => {
    expect(reasonOf(text, readerOf(bob))).toBe('own');
    const elsewhere = { ...reader, networkHash: new Uint8Array(8) };
    expect(parseContactCode(engine, text, elsewhere)).toEqual({
      ok: false,
      reason: 'foreign_network',
      code,
    });
    const used = { ...reader, isUsed: (id: Uint8Array) => id.join() === code.id.join() };
    expect(reasonOf(text, used)).toBe('reused');
    const { code: reusable } = createCode(engine, bob, 'address');
    expect(reasonOf(formatContactCode(reusable), { ...reader, isUsed: () => true })).toBe('ok');
    const { expiresUnixMs } = code;
    expect(reasonOf(text, { ...reader, nowUnixMs: expiresUnixMs - 1 })).toBe('ok');
    expect(reasonOf(text, { ...reader, nowUnixMs: expiresUnixMs })).toBe('expired');
  });

  it('never makes the parser throw, and no noise is a code', () => {
    const random = seededRandom('noise');
    for (let run = 0; run < 1_000; run++) {
      const bytes = run % 2 === 0 ? drawBytes(random, drawBelow(random, 300)) : code.bytes.slice();
      if (run % 2 === 1) bytes.set(drawBytes(random, 1), drawBelow(random, bytes.length));
      const isWhole = bytes.join() === code.bytes.join();
      expect(reasonOf(run % 4 < 2 ? bytes : `eddy:c/${toBase64url(bytes)}`) === 'ok').toBe(isWhole);
    }
    checkProperty(fc.string({ unit: 'binary', maxLength: 400 }), 200, (any) => {
      expect(reasonOf(`eddy:c/${any}`)).not.toBe('ok');
      expect(reasonOf(any)).not.toBe('ok');
    });
  });
});
