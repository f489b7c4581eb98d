// The token under which contacts write. It is renewed when one of them is blocked: the others are
// told the new one, and the old one holds until all have confirmed that, at most for as long as a
// provider keeps mail (design section 2, "Mailbox").
import { equalBytes } from '../../../shared/bytes.ts';
import { TOKEN_SIZE } from '../../../shared/network/geometry.ts';
import { drawBytes } from '../../../shared/random.ts';
import type { StoredContact } from '../../store/people-store.ts';
import { putToken } from './handshakes.ts';
import type { Own } from './own.ts';
import type { Parts, Work } from './parts.ts';
import type { Posting } from './posting.ts';

export type ContactsTokens = {
  /** A new token is on its way to the provider; when it is there, contacts are told. */
  readonly renew: (work: Work) => void;
  /** The provider has done token commands: one that came is the address's from now on. */
  readonly done: (work: Work) => void;
  /** Somebody who was not told of the own address or name; none of `except`, null for nobody. */
  readonly toTell: (except: Pick<ReadonlySet<number>, 'has' | 'size'>) => StoredContact | null;
  /** Tells him one of both. */
  readonly tell: (work: Work, contact: StoredContact) => void;
  /** A contact has confirmed a token of the own address. */
  readonly confirmed: (work: Work, contact: StoredContact, token: Uint8Array) => void;
  /** Removes old ones that nobody needs, or that are too old. */
  readonly removeOld: (work: Work) => void;
};

export function createContactsTokens(parts: Parts, own: Own, posting: Posting): ContactsTokens {
  const { people, random } = parts;
  const accepted = () => people.contacts().filter(({ state }) => state === 'accepted');

  const removeOld = (work: Work): void => {
    const { hands } = work;
    const old = people.contactsTokens().filter(({ state }) => state === 'old');
    if (old.length === 0 || hands === null) return;
    const current = own.address().token;
    const isEverywhere = accepted().every(({ confirmedToken }) => {
      return confirmedToken !== null && equalBytes(confirmedToken, current);
    });
    for (const { token, sinceUnixMs } of old) {
      const isOver = work.now.unixMs - sinceUnixMs > parts.retentionMs();
      if (!isEverywhere && !isOver) continue;
      people.removeContactsToken(token);
      work.atEnd.push(() => void hands.token({ kind: 'remove', token }));
    }
  };

  return {
    removeOld,
    toTell: (except) => {
      if (!own.hasProfile() || !own.hasAddress()) return null;
      const some = people.contactsToTell(own.address().token, own.name(), except.size + 1);
      return some.find(({ id }) => !except.has(id)) ?? null;
    },
    tell: (work, contact) => {
      const address = own.address();
      const name = own.name();
      const { toldToken } = contact;
      if (toldToken === null || !equalBytes(toldToken, address.token)) {
        posting.post(work, { contact, body: { kind: 'address', address }, priority: 'background' });
        people.setContact(contact.id, { toldToken: address.token });
      } else {
        posting.post(work, { contact, body: { kind: 'profile', name }, priority: 'background' });
        people.setContact(contact.id, { toldName: name });
      }
    },
    renew: (work) => {
      const token = drawBytes(random, TOKEN_SIZE);
      people.putContactsToken({ token, state: 'coming', sinceUnixMs: work.now.unixMs });
      const limits = { tokenKind: 'contacts', quota: null, expiresUnixMs: null } as const;
      putToken(work, { kind: 'put', token, ...limits });
    },
    done: (work) => {
      const { hands } = work;
      const coming = people.contactsTokens().filter(({ state }) => state === 'coming');
      const there = coming.filter(({ token }) => people.isTokenThere(token));
      const newest = there.toSorted((a, b) => a.sinceUnixMs - b.sinceUnixMs).at(-1);
      if (newest === undefined || hands === null) return;
      const before = own.address();
      const sinceUnixMs = work.now.unixMs;
      for (const { token } of [...there, before]) {
        people.putContactsToken({ token, state: 'old', sinceUnixMs });
      }
      people.removeContactsToken(newest.token);
      work.changed.mayTell = true;
      work.atEnd.push(() => hands.setToken(newest.token));
    },
    confirmed: (work, contact, token) => {
      people.setContact(contact.id, { confirmedToken: token });
      const { returnToken } = contact;
      if (returnToken !== null) {
        people.setContact(contact.id, { returnToken: null });
        work.atEnd.push(() => void work.hands?.token({ kind: 'remove', token: returnToken }));
      }
      removeOld(work);
    },
  };
}
