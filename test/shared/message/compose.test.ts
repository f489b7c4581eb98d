// Messages from one person's hands to the other's eyes: composed, sealed, overtaken, opened, read,
// and put into their places; and what a restored copy of a profile looks like to its contact.
import { expect, it } from 'vitest';
import { composeContent, readContent } from '../../../shared/message/compose.ts';
import type { ContentBody } from '../../../shared/message/content.ts';
import {
  missingRanges,
  NOTHING_RECEIVED,
  type OutgoingSequence,
  observeSequence,
  startStream,
} from '../../../shared/message/sequence.ts';
import { openMessage, sealMessage } from '../../../shared/session/ratchet.ts';
import { fastestEngine } from '../../support/engines.ts';
import { NOW_UNIX_MS } from '../../support/people.ts';
import { seededRandom } from '../../support/random.ts';
import { shakeHands } from '../../support/sessions.ts';

const engine = await fastestEngine();
const text = (of: string): ContentBody => ({ kind: 'text', text: of });
const compose = (outgoing: OutgoingSequence, body: ContentBody, uid = 1) =>
  composeContent(
    engine,
    outgoing,
    { uid: new Uint8Array(16).fill(uid), sentUnixMs: NOW_UNIX_MS, expirySeconds: 0 },
    body,
  );
/** Counted contents in a row, and where the count stands after them. */
function stream(from: OutgoingSequence, texts: readonly string[]) {
  let outgoing = from;
  const plaintexts = texts.map((one) => {
    const composed = compose(outgoing, text(one));
    outgoing = composed.outgoing;
    return composed.plaintext;
  });
  return { plaintexts, outgoing };
}
function linkOf(plaintext: Uint8Array | undefined) {
  const read = readContent(engine, plaintext ?? new Uint8Array(0));
  if (!read.ok || read.link === null) throw new Error('a counted content');
  return read.link;
}

it('arrive whole in whatever order, each in one packet of 1,555 bytes', () => {
  const { starterSession, acceptorSession } = shakeHands(engine, 'compose');
  const { plaintexts } = stream(startStream(NOW_UNIX_MS), ['one', 'two', 'three', 'four']);
  let [sender, receiver, state] = [starterSession, acceptorSession, NOTHING_RECEIVED];
  const messages = plaintexts.map((plaintext) => {
    const sealed = sealMessage(engine, sender, plaintext);
    sender = sealed.session;
    expect(sealed.message).toHaveLength(1_555);
    return sealed.message;
  });
  const seen: string[] = [];
  for (const index of [2, 0, 3, 1]) {
    const opened = openMessage(engine, seededRandom(index), {
      session: receiver,
      message: messages[index] ?? new Uint8Array(0),
      nowUnixMs: NOW_UNIX_MS,
    });
    if (!opened.ok) throw new Error(opened.reason);
    receiver = opened.session;
    const observed = observeSequence(state, linkOf(opened.plaintext));
    expect(observed.isChainBroken).toBe(false);
    state = observed.state;
    seen.push(`${observed.outcome} ${missingRanges(state).length}`);
  }
  expect(seen).toEqual(['ahead 1', 'in_order 1', 'ahead 1', 'in_order 0']);
});

it('are not counted where nobody would miss them', () => {
  const outgoing = stream(startStream(7), ['one']).outgoing;
  const receipt = compose(outgoing, {
    kind: 'receipt',
    level: 'read',
    uids: [new Uint8Array(16)],
  });
  expect(receipt.outgoing).toBe(outgoing);
  const read = readContent(engine, receipt.plaintext);
  expect(read.ok && read.link).toBeNull();
  expect(readContent(engine, new Uint8Array(1_470))).toEqual({ ok: false, reason: 'malformed' });
});

it('show a copy of the profile that goes on from an old count', () => {
  const backup = stream(startStream(7), ['one', 'two']);
  const original = stream(backup.outgoing, ['three', 'four']);
  const copy = stream(backup.outgoing, ['three of the copy']);
  const state = [...backup.plaintexts, ...original.plaintexts].reduce(
    (all, plaintext) => observeSequence(all, linkOf(plaintext)).state,
    NOTHING_RECEIVED,
  );
  expect(observeSequence(state, linkOf(copy.plaintexts[0])).outcome).toBe('forked');
  // Where the original's third was lost, its fourth does not fit the copy's third.
  const lossy = [...backup.plaintexts, ...copy.plaintexts].reduce(
    (all, plaintext) => observeSequence(all, linkOf(plaintext)).state,
    NOTHING_RECEIVED,
  );
  expect(observeSequence(lossy, linkOf(original.plaintexts[1])).isChainBroken).toBe(true);
});
