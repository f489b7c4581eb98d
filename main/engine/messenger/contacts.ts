// Whom this user knows: what is shown of them, names, verification, blocking, and the encryption
// with them.
import type { Contact } from '../../../shared/api-people.ts';
import { toBase64url } from '../../../shared/bytes.ts';
import { type NodePeer, nodePeer } from '../../../shared/network/topology.ts';
import { isDisplayName } from '../../../shared/session/display-name.ts';
import { compareSafetyScan, safetyNumber } from '../../../shared/session/safety-number.ts';
import type { StoredOutgoing } from '../../store/outgoing-store.ts';
import type { StoredContact } from '../../store/people-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Handlers } from '../engine.ts';
import { namesOf } from '../health-nodes.ts';
import { readSettings } from '../settings.ts';
import type { ContactsTokens } from './contacts-tokens.ts';
import { HANDSHAKE_QUIET_MS, type Handshakes, RESET_MS_MIN } from './handshakes.ts';
import type { Own } from './own.ts';
import type { ChatPort, Parts, Work } from './parts.ts';

/** Quiet for a list of all contacts. */
const LIST_QUIET_MS = 30;
/** Quiet for a safety number: 10,400 hashes, 30 ms on the native engine. */
const SAFETY_QUIET_MS = 60;
/** States of a message, as stored, that only what the client does can end. */
const underWay: ReadonlySet<string> = new Set(['queued', 'in_the_mix', 'retrying']);

type ContactCall =
  | 'contact.list'
  | 'contact.get'
  | 'contact.set'
  | 'contact.block'
  | 'contact.unblock'
  | 'contact.remove'
  | 'contact.safety'
  | 'contact.verify'
  | 'contact.scan'
  | 'contact.reset';

export type Contacts = {
  readonly handlers: Pick<Handlers, ContactCall>;
  /** Whether this contact is told what was read. */
  readonly tellsRead: (contact: StoredContact) => boolean;
};

/** A contact as the window sees him. */
export function contactView(parts: Parts, id: number): Contact {
  const row = parts.people.contact(id);
  if (row === null) throw new CallFailure('unknown_contact', 'contact: no such contact');
  return viewOf(parts, row, providerNames(parts));
}

function providerNames(parts: Parts): ReadonlyMap<NodePeer, string> {
  const topology = parts.mixnet()?.client.document()?.topology ?? null;
  return topology === null ? new Map() : namesOf(topology);
}

function viewOf(
  parts: Parts,
  row: StoredContact,
  providers: ReadonlyMap<NodePeer, string>,
): Contact {
  const { address, keysChangedUnixMs: atUnixMs } = row;
  const wasVerified = row.verifiedBeforeUnixMs !== null;
  return {
    id: row.id,
    name: row.alias ?? row.theirName,
    theirName: row.theirName,
    alias: row.alias,
    avatar: row.avatar === null ? null : toBase64url(row.avatar),
    pair: row.pair,
    state: row.state,
    isUnanswered: row.state === 'requested' && !parts.sessions.hasPending(row.id),
    knownSinceUnixMs: row.knownSinceUnixMs,
    via: row.via,
    verifiedUnixMs: row.verifiedUnixMs,
    keysChange: atUnixMs === null ? null : { atUnixMs, wasVerified },
    tellsRead: row.tellsRead ?? readSettings(parts.db).tellsRead,
    provider: address === null ? null : (providers.get(nodePeer(address.providerKey)) ?? null),
  };
}

/** Nobody waits for a message that is under way; it can be sent again once he is let in. */
function stop({ outgoing }: Parts, chats: ChatPort, work: Work, row: StoredOutgoing): boolean {
  const delivery = row.message === null ? null : chats.delivery(row.message);
  if (row.message === null || delivery === null || !underWay.has(delivery.state)) return false;
  outgoing.put({ ...row, sent: null, hasLeft: 1, againUnixMs: null });
  const state = 'not_confirmed';
  const atUnixMs = work.now.unixMs;
  chats.setDelivery(work, row.message, { ...delivery, state, tryCount: 1, atUnixMs });
  return true;
}

export function createContacts(
  parts: Parts,
  own: Own,
  chats: ChatPort,
  handshakes: Handshakes,
  tokens: ContactsTokens,
): Contacts {
  const { crypto, people, sessions, outgoing } = parts;

  const contactOf = (id: number): StoredContact => {
    const row = people.contact(id);
    if (row === null) throw new CallFailure('unknown_contact', 'contact: no such contact');
    return row;
  };

  const say = (work: Work, id: number) => {
    work.changed.contacts.add(id);
    work.changed.conversations.add(id);
  };

  /** One change of a contact as a step; gives him as he is then. */
  const change = async (id: number, run: (work: Work, row: StoredContact) => void, quiet = 0) => {
    await parts.step((work) => {
      run(work, contactOf(id));
      say(work, id);
    }, quiet);
    return contactView(parts, id);
  };

  const safetyOf = async (id: number): Promise<{ digits: string; scan: string }> => {
    const { safetyDigits, safetyScan } = contactOf(id);
    if (safetyDigits !== null && safetyScan !== null) {
      return { digits: safetyDigits, scan: safetyScan };
    }
    return await parts.step(() => {
      const { groups, scanText } = safetyNumber(crypto, own.identity(), contactOf(id));
      const digits = groups.join('');
      people.setContact(id, { safetyDigits: digits, safetyScan: scanText });
      return { digits, scan: scanText };
    }, SAFETY_QUIET_MS);
  };

  const verify = (work: Work, row: StoredContact, isVerified: boolean): void => {
    if ((row.verifiedUnixMs !== null) === isVerified) return;
    const verifiedUnixMs = isVerified ? work.now.unixMs : null;
    // Comparing the number answers what a change of keys asked.
    const answered = isVerified ? { keysChangedUnixMs: null, verifiedBeforeUnixMs: null } : {};
    people.setContact(row.id, { verifiedUnixMs, ...answered });
    chats.addNote(work, row.id, { kind: 'verified', isVerified });
  };

  const block = (work: Work, row: StoredContact): void => {
    if (row.state === 'blocked') return;
    // He may be answering: without what was sent to him there would be no way back.
    if (row.state === 'requested') {
      throw new CallFailure('not_accepted', 'contact: has not answered yet');
    }
    people.setContact(row.id, { state: 'blocked' });
    outgoing.removeReceipts(row.id);
    // Nothing is sent to him from now on, and nobody has to wait for what he was sent.
    for (const one of outgoing.ofContact(row.id)) {
      const { sent } = one;
      if (sent !== null) work.atEnd.push(() => work.hands?.forget(sent));
      if (!stop(parts, chats, work, one) && sent !== null) outgoing.remove(one.id);
    }
    if (row.toldToken !== null) tokens.renew(work);
  };

  const remove = (work: Work, { id }: StoredContact): void => {
    for (const { sent } of outgoing.ofContact(id)) {
      if (sent !== null) work.atEnd.push(() => work.hands?.forget(sent));
    }
    people.removeContact(id);
    work.changed.goneContacts.add(id);
  };

  const unblock = (_work: Work, row: StoredContact): void => {
    if (row.state !== 'blocked') return;
    const { sessions: held } = sessions.load(row.id);
    // He is told the address that holds now, since it is not the one that he was told.
    people.setContact(row.id, { state: held.length > 0 ? 'accepted' : 'requested' });
  };

  return {
    tellsRead: (row) => row.tellsRead ?? readSettings(parts.db).tellsRead,
    handlers: {
      'contact.list': () =>
        parts.step(() => {
          const providers = providerNames(parts);
          return people.contacts().map((row) => viewOf(parts, row, providers));
        }, LIST_QUIET_MS),
      'contact.get': ({ id }) => {
        const row = people.contact(id);
        return row === null ? null : viewOf(parts, row, providerNames(parts));
      },
      'contact.set': ({ id, alias, tellsRead }) => {
        if (typeof alias === 'string' && !isDisplayName(alias)) {
          throw new CallFailure('bad_name', 'alias: expected 1 to 64 bytes that can be seen');
        }
        return change(id, () => {
          people.setContact(id, {
            ...(alias === undefined ? {} : { alias }),
            ...(tellsRead === undefined ? {} : { tellsRead }),
          });
        });
      },
      'contact.block': ({ id }) => change(id, block),
      'contact.unblock': ({ id }) => change(id, unblock),
      'contact.remove': async ({ id }) => {
        await parts.step((work) => remove(work, contactOf(id)));
        return {};
      },
      'contact.safety': ({ id }) => safetyOf(id),
      'contact.verify': ({ id, isVerified }) =>
        change(id, (work, row) => verify(work, row, isVerified)),
      'contact.scan': async ({ id, text }) => {
        const { scan } = await safetyOf(id);
        const outcome = compareSafetyScan(scan, text);
        if (outcome === 'match') await change(id, (work, row) => verify(work, row, true));
        return { outcome: outcome === 'not_a_safety_number' ? 'not_a_number' : outcome };
      },
      'contact.reset': async ({ id }) => {
        await change(
          id,
          (work, row) => {
            if (row.state !== 'accepted') throw new CallFailure('not_accepted', 'contact: asked');
            if (work.now.unixMs - row.resetUnixMs < RESET_MS_MIN) {
              throw new CallFailure('busy', 'contact: a reset was begun less than an hour ago');
            }
            handshakes.reset(work, row, 'asked');
          },
          HANDSHAKE_QUIET_MS,
        );
        return {};
      },
    },
  };
}
