// Five thousand messages that were pulled and wait in the client's spool, through the messenger's
// own way in: opened by their session, stored with it in one durable transaction each, told as
// events of the contract. Only the network is left out.
import { createMessenger } from '../../main/engine/messenger/messenger.ts';
import type { Steps } from '../../main/engine/steps.ts';
import type { ClientHands } from '../../main/mixnet/client/contract.ts';
import { createClientStore } from '../../main/store/client-store.ts';
import { type OpenDb, transaction } from '../../main/store/handle.ts';
import { createMessageStore } from '../../main/store/message-store.ts';
import { createPeopleStore } from '../../main/store/people-store.ts';
import { createSessionStore } from '../../main/store/session-store.ts';
import { monotonicMs } from '../../main/system.ts';
import { type EventName, events } from '../../shared/api.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { composeContent } from '../../shared/message/compose.ts';
import { startStream } from '../../shared/message/sequence.ts';
import { drawBelow, drawBytes } from '../../shared/random.ts';
import { NO_SESSIONS, sealForContact, withSession } from '../../shared/session/contact-sessions.ts';
import { encodeIdentity } from '../../shared/session/identity.ts';
import { NOW_UNIX_MS } from '../support/people.ts';
import { seededRandom } from '../support/random.ts';
import { shakeHands } from '../support/sessions.ts';

export const INBOUND = 5_000;
/** A mix network hands over out of order: each message may be so many places late. */
const LATE_MAX = 8;
const TEXT = 'About as long as what people write to each other most of the time';
const ID_SIZE = 10;

/** Seconds until all of them are stored and told. `sample` makes the contact another one. */
export async function inboundSeconds(
  db: OpenDb,
  crypto: CryptoEngine,
  sample: number,
): Promise<number> {
  const store = createClientStore(db, { unixMs: () => NOW_UNIX_MS });
  const ids = spool(db, crypto, sample);
  const told = new Map<EventName, number>();
  const hands = { take: (id: number) => store.take(id) } as ClientHands;
  const steps: Steps = async (run) => store.atomically(() => run(hands));
  const messenger = createMessenger({
    db,
    crypto,
    random: seededRandom(`inbound ${sample}`),
    now: () => ({ monotonicMs: monotonicMs(), unixMs: NOW_UNIX_MS }),
    steps,
    takesRaw: false,
    log: (_level, event) => {
      throw new Error(event);
    },
    emit: (event, value) => {
      // As the engine does before it hands an event over.
      if (!events[event].safeParse(value).success) throw new Error(`${event}: not of the contract`);
      told.set(event, (told.get(event) ?? 0) + 1);
    },
    mixnet: () => null,
    demo: () => ({
      state: { state: 'off', nodes: [], hasCorrespondent: false },
      network: null,
      correspondent: null,
    }),
    join: () => undefined,
  });
  const startedAt = monotonicMs();
  for (const id of ids) {
    const message = store.received(id);
    if (message === null || !messenger.received(message)) throw new Error('a message was refused');
    // Its events are told when it is durable, before the next.
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
  const seconds = (monotonicMs() - startedAt) / 1_000;
  messenger.close();
  if (told.get('chat.message') !== INBOUND) {
    throw new Error(`expected ${INBOUND} messages told, got ${told.get('chat.message')}`);
  }
  return seconds;
}

/** A contact with a session, and what he wrote in the spool; ids in the order they came. */
function spool(db: OpenDb, crypto: CryptoEngine, sample: number): number[] {
  const { starter, acceptor, starterSession, acceptorSession } = shakeHands(crypto, `${sample}`);
  const people = createPeopleStore(db);
  const sessions = createSessionStore(db, crypto);
  const messages = createMessageStore(db);
  const store = createClientStore(db, { unixMs: () => NOW_UNIX_MS });
  transaction(db, () => {
    if (people.profile() === null) {
      const identity = encodeIdentity(acceptor.identity);
      people.addProfile({ identity, name: 'Bob', avatar: null, createdUnixMs: NOW_UNIX_MS });
    }
    const contact = people.addContact({
      signingKey: starter.identity.signingKey,
      agreementKey: starter.identity.agreementKey,
      theirName: 'Ada',
      pair: 1,
      state: 'accepted',
      knownSinceUnixMs: NOW_UNIX_MS,
      via: 'own_invite',
      address: starter.address,
      returnToken: null,
    });
    messages.begin(contact, NOW_UNIX_MS);
    sessions.save(contact, NO_SESSIONS, withSession(NO_SESSIONS, acceptorSession));
  });
  const random = seededRandom(`spool ${sample}`);
  let sender = withSession(NO_SESSIONS, starterSession);
  let outgoing = startStream(starterSession.generation);
  const sealed = Array.from({ length: INBOUND }, (_, at) => {
    const fields = { uid: drawBytes(random, 16), sentUnixMs: NOW_UNIX_MS + at, expirySeconds: 0 };
    const body = { kind: 'text', text: `${TEXT}, ${at}.` } as const;
    const composed = composeContent(crypto, outgoing, fields, body);
    ({ outgoing } = composed);
    const one = sealForContact(crypto, sender, composed.plaintext);
    if (one === null) throw new Error('there is a session to seal on');
    sender = one.contact;
    return { one, at: at + drawBelow(random, LATE_MAX) };
  });
  sealed.sort((a, b) => a.at - b.at);
  return store.atomically(() =>
    sealed.map(({ one }) =>
      store.addPart({
        partial: null,
        messageId: drawBytes(random, ID_SIZE),
        contactTag: one.contactTag,
        fragmentCount: 1,
        index: 0,
        ciphertext: one.message,
        arrivedUnixMs: NOW_UNIX_MS,
        isLast: true,
      }),
    ),
  );
}
