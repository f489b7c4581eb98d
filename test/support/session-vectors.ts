// The vectors of contact codes, handshake, session and contents (test/vectors/session.json), made
// from seeds: every secret and every random draw that went in, every byte that came out.
import { toHex, toUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { contentHash, encodeContent } from '../../shared/message/content-codec.ts';
import type { RandomSource } from '../../shared/random.ts';
import { formatContactCode } from '../../shared/session/contact-code.ts';
import {
  acceptHandshake,
  finishHandshake,
  openHandshake,
  type PendingHandshake,
  startHandshake,
} from '../../shared/session/handshake.ts';
import {
  codeTarget,
  contactTarget,
  type HandshakeTarget,
  type OwnTarget,
  ownCodeTarget,
  ownContactTarget,
  requestTag,
  resetTags,
} from '../../shared/session/handshake-target.ts';
import { openMessage, sealMessage } from '../../shared/session/ratchet.ts';
import { safetyNumber } from '../../shared/session/safety-number.ts';
import { encodeSession } from '../../shared/session/session-codec.ts';
import type { Session } from '../../shared/session/session-state.ts';
import { FIRST, sampleContents } from './contents.ts';
import { createCode, createPerson, NETWORK_HASH, NOW_UNIX_MS, type Person } from './people.ts';
import { seededRandom } from './random.ts';

/** Values as JSON holds them; bytes are lower-case hex. */
export type Vectors = { readonly [name: string]: unknown };

/** A source that remembers what it gave. */
function drawn(seed: string): { readonly random: RandomSource; readonly taken: () => string } {
  const source = seededRandom(seed);
  let text = '';
  const fill = (out: Uint8Array): void => {
    source.fill(out);
    text += toHex(out);
  };
  return { random: { fill }, taken: () => text };
}

export function makeSessionVectors(engine: CryptoEngine): Vectors {
  const ada = createPerson(engine, 'vectors ada');
  const bob = createPerson(engine, 'vectors bob');
  const { code, prekey } = createCode(engine, bob);
  const number = safetyNumber(engine, ada.identity, bob.identity);
  const contact = handshakeVector(engine, ada, bob, {
    generation: NOW_UNIX_MS,
    target: codeTarget(engine, code),
    own: ownCodeTarget(engine, bob.identity, code, prekey.secretKey),
  });
  const reset = handshakeVector(engine, ada, bob, {
    generation: NOW_UNIX_MS + 1,
    target: contactTarget(engine, NETWORK_HASH, bob.identity),
    own: ownContactTarget(engine, NETWORK_HASH, bob.identity),
  });
  return {
    format: 'eddy-session-vectors',
    schema: 1,
    people: { ada: personVector(ada), bob: personVector(bob) },
    contactCode: {
      kind: code.kind,
      networkName: code.networkName,
      address: addressVector(code.address),
      prekeySecret: toHex(prekey.secretKey),
      expiresUnixMs: code.expiresUnixMs,
      bytes: toHex(code.bytes),
      text: formatContactCode(code),
      id: toHex(code.id),
      requestTag: toHex(requestTag(engine, code)),
    },
    resetTagToBob: toHex(resetTags(engine, ada.identity, bob.identity).toContact),
    safetyNumber: { groups: number.groups, adaShows: number.scanText },
    handshake: contact.vector,
    reset: reset.vector,
    conversation: conversationVector(engine, contact.sessions),
    contents: contentVectors(engine),
  };
}

function personVector({ identity, address }: Person): Vectors {
  return {
    signingSeed: toHex(identity.signingSecret.subarray(0, 32)),
    signingKey: toHex(identity.signingKey),
    agreementSecret: toHex(identity.agreementSecret),
    agreementKey: toHex(identity.agreementKey),
    address: addressVector(address),
  };
}

function addressVector(address: Person['address']): Vectors {
  return Object.fromEntries(Object.entries(address).map(([name, bytes]) => [name, toHex(bytes)]));
}

type Sessions = { readonly ada: Session; readonly bob: Session };

function handshakeVector(
  engine: CryptoEngine,
  ada: Person,
  bob: Person,
  options: {
    readonly generation: number;
    readonly target: HandshakeTarget;
    readonly own: OwnTarget;
  },
): { readonly vector: Vectors; readonly sessions: Sessions } {
  const { generation, target, own } = options;
  const draws = [1, 2, 3].map((part) => drawn(`vectors ${generation} ${part}`));
  const [starts, accepts, finishes] = draws;
  if (starts === undefined || accepts === undefined || finishes === undefined) throw new Error('3');
  const { pending, message: request } = startHandshake(engine, starts.random, {
    identity: ada.identity,
    target,
    returnAddress: ada.address,
    name: 'Ada',
    generation,
    nowUnixMs: NOW_UNIX_MS,
  });
  const opening = openHandshake(engine, own, request);
  if (!opening.ok) throw new Error(opening.reason);
  const { session: bobs, message: acceptance } = acceptHandshake(engine, accepts.random, {
    identity: bob.identity,
    opened: opening.opened,
    returnAddress: bob.address,
    name: 'Bob',
    nowUnixMs: NOW_UNIX_MS,
  });
  const finished = finishHandshake(engine, finishes.random, {
    identity: ada.identity,
    pending,
    message: acceptance,
    nowUnixMs: NOW_UNIX_MS,
  });
  if (!finished.ok) throw new Error(finished.reason);
  const vector = {
    generation,
    names: { ada: 'Ada', bob: 'Bob' },
    establishedUnixMs: NOW_UNIX_MS,
    adaDrawsToStart: starts.taken(),
    request: toHex(request),
    id: toHex(opening.opened.id),
    secretsAfterRequest: secretsVector(pending),
    bobDrawsToAccept: accepts.taken(),
    acceptance: toHex(acceptance),
    adaDrawsToFinish: finishes.taken(),
    bobsSession: toHex(encodeSession(bobs)),
    adasSession: toHex(encodeSession(finished.session)),
  };
  return { vector, sessions: { ada: finished.session, bob: bobs } };
}

function secretsVector({ request }: PendingHandshake): Vectors {
  return {
    transcript: toHex(request.hash),
    chain: toHex(request.chain),
    tagToBob: toHex(request.tagToAcceptor),
    tagToAda: toHex(request.tagToStarter),
  };
}

/** Six messages, sealed and opened in an order in which they overtake one another. */
const SCRIPT = [
  'ada 0',
  'ada 1',
  'bob 0',
  'open bob 0',
  'open ada 1',
  'bob 1',
  'ada 2',
  'ada 3',
  'open ada 3',
  'open bob 1',
  'open ada 0',
  'open ada 2',
];

function conversationVector(engine: CryptoEngine, from: Sessions): readonly Vectors[] {
  const sessions: { ada: Session; bob: Session } = { ...from };
  const messages = new Map<string, Uint8Array>();
  return SCRIPT.map((step): Vectors => {
    if (!step.startsWith('open')) {
      const by = step.startsWith('ada') ? 'ada' : 'bob';
      const sealed = sealMessage(engine, sessions[by], toUtf8(step));
      sessions[by] = sealed.session;
      messages.set(step, sealed.message);
      return { seals: by, plaintext: toHex(toUtf8(step)), message: toHex(sealed.message) };
    }
    const name = step.slice('open '.length);
    const by = name.startsWith('ada') ? 'bob' : 'ada';
    const message = messages.get(name);
    if (message === undefined) throw new Error(`${name} was sealed before`);
    const draws = drawn(`vectors ${step}`);
    const opened = openMessage(engine, draws.random, {
      session: sessions[by],
      message,
      nowUnixMs: NOW_UNIX_MS,
    });
    if (!opened.ok) throw new Error(opened.reason);
    sessions[by] = opened.session;
    const session = toHex(encodeSession(opened.session));
    return { opens: by, plaintext: toHex(opened.plaintext), draws: draws.taken(), session };
  });
}

function contentVectors(engine: CryptoEngine): readonly Vectors[] {
  const hash = contentHash(engine, encodeContent(FIRST, { kind: 'text', text: 'hello' }));
  return sampleContents(hash).map(([header, body]) => {
    const bytes = encodeContent(header, body);
    const bodySize = new DataView(bytes.buffer).getUint32(58);
    const unpadded = toHex(bytes.subarray(0, 62 + bodySize));
    return { kind: body.kind, size: bytes.length, withoutPadding: unpadded };
  });
}
