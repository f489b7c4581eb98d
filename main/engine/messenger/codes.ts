// Contact codes of one's own, each with a delivery token and a prekey that are its alone, and the
// codes of others that are pasted (design section 3, "Contact codes").
import type { Code, CodeCheck } from '../../../shared/api-people.ts';
import { CODES_MAX } from '../../../shared/api-people.ts';
import { fromHex, toBase64url, toHex } from '../../../shared/bytes.ts';
import { TOKEN_SIZE } from '../../../shared/network/geometry.ts';
import { drawBytes } from '../../../shared/random.ts';
import {
  ADDRESS_LIFETIME_MS_MAX,
  CONTACT_CODE_PREFIX,
  type ContactCode,
  createContactCode,
  decodeContactCode,
  INVITE_LIFETIME_MS_MAX,
  type ParsedContactCode,
  parseContactCode,
} from '../../../shared/session/contact-code.ts';
import { REQUEST_GRACE_MS } from '../../../shared/session/contact-sessions.ts';
import { requestTag } from '../../../shared/session/handshake-target.ts';
import { createAgreementKeyPair } from '../../../shared/session/identity.ts';
import type { StoredCode } from '../../store/people-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Handlers } from '../engine.ts';
import { HANDSHAKE_QUIET_MS, type Handshakes, putToken } from './handshakes.ts';
import type { Own } from './own.ts';
import type { Parts, Work } from './parts.ts';

/** Mail under the token of an invite: one request, in five tries. */
export const INVITE_QUOTA = 5;
/** Requests that may lie at the provider under the token of an address. */
export const ADDRESS_QUOTA = 100;
/** Quiet for a signature and three agreements. */
const CHECK_QUIET_MS = 10;
/** Codes that can be used no longer and are still listed. */
export const CODES_OVER_MAX = 100;

type CodeCall = 'code.list' | 'code.create' | 'code.withdraw' | 'code.check' | 'code.use';

export type Codes = {
  readonly handlers: Pick<Handlers, CodeCall>;
  readonly view: (id: Uint8Array) => Code | null;
  /** The code that a request came by, as it was made; null where it is gone. */
  readonly open: (id: Uint8Array) => { stored: StoredCode; code: ContactCode } | null;
  /** An invite led to this contact. */
  readonly used: (work: Work, code: StoredCode, contact: number) => void;
  /** Ends what is over, and drops prekeys that open nothing any more. */
  readonly expire: (work: Work) => void;
  /** Codes whose token the provider has got since it was last asked. */
  readonly ready: () => readonly string[];
  /** What a pasted text is. Fails with `no_network` before there is a mailbox. */
  readonly check: (text: string) => CodeCheck;
  /** Uses a code by its text; gives the contact's id. */
  readonly use: (text: string) => Promise<number>;
};

export function createCodes(parts: Parts, own: Own, handshakes: Handshakes): Codes {
  const { crypto, random, people, sessions } = parts;
  /** Ids in hex of codes whose token is on its way. */
  const coming = new Set<string>();

  const view = (row: StoredCode): Code => {
    const isReady = people.isTokenThere(row.token);
    const nowUnixMs = parts.now().unixMs;
    const id = toHex(row.id);
    if (!isReady) coming.add(id);
    return {
      id,
      kind: row.kind,
      text: CONTACT_CODE_PREFIX + toBase64url(row.bytes),
      createdUnixMs: row.createdUnixMs,
      expiresUnixMs: row.expiresUnixMs,
      state: row.state === 'open' && row.expiresUnixMs <= nowUnixMs ? 'expired' : row.state,
      isReady,
      contact: row.contact,
    };
  };

  const parse = (text: string): ParsedContactCode => {
    const { networkHash } = own.address();
    return parseContactCode(crypto, text, {
      signingKey: own.identity().signingKey,
      networkHash,
      nowUnixMs: parts.now().unixMs,
      isUsed: people.isCodeUsed,
    });
  };

  const check = (text: string): { view: CodeCheck; code: ContactCode | null } => {
    const parsed = parse(text);
    const { code } = parsed;
    const known = code === null ? null : people.contactOfKey(code.owner.signingKey);
    if (parsed.ok && known === null) {
      const { kind, networkName, expiresUnixMs, owner } = parsed.code;
      const pair = (owner.signingKey[0] ?? 0) % 6;
      return { view: { ok: true, kind, networkName, expiresUnixMs, pair }, code: parsed.code };
    }
    const view: CodeCheck = {
      ok: false,
      reason: parsed.ok ? 'known' : parsed.reason,
      networkName: code?.networkName ?? null,
      expiresUnixMs: code?.expiresUnixMs ?? null,
      contact: known?.id ?? null,
    };
    return { view, code: null };
  };

  const create = (work: Work, kind: Code['kind'], lifetimeMs: number): Uint8Array => {
    const open = people.codes().filter(({ state }) => state === 'open');
    if (open.length >= CODES_MAX) throw new CallFailure('codes_full', 'codes: too many are open');
    const prekey = createAgreementKeyPair(crypto, random);
    const token = drawBytes(random, TOKEN_SIZE);
    const code = createContactCode(crypto, own.identity(), {
      kind,
      networkName: parts.mixnet()?.network.name ?? '',
      address: { ...own.address(), token },
      prekey: prekey.publicKey,
      expiresUnixMs: work.now.unixMs + lifetimeMs,
    });
    const { id, bytes, expiresUnixMs } = code;
    people.addCode({
      id,
      kind,
      bytes,
      prekeySecret: prekey.secretKey,
      token,
      createdUnixMs: work.now.unixMs,
      expiresUnixMs,
    });
    sessions.addCodeTag(requestTag(crypto, code), id);
    const quota = kind === 'invite' ? INVITE_QUOTA : ADDRESS_QUOTA;
    const untilUnixMs = expiresUnixMs + REQUEST_GRACE_MS;
    putToken(work, { kind: 'put', token, tokenKind: kind, quota, expiresUnixMs: untilUnixMs });
    work.changed.codes.add(toHex(id));
    return id;
  };

  /** The prekey stays while a request that came by the code waits for its user. */
  const dropPrekeys = (work: Work): void => {
    const { hands } = work;
    const nowUnixMs = work.now.unixMs;
    for (const code of people.codesWithPrekey()) {
      const graceMs = code.state === 'expired' ? REQUEST_GRACE_MS : 0;
      if (nowUnixMs < code.expiresUnixMs + graceMs && code.state === 'expired') continue;
      if (people.requestCountOf(code.id) > 0) continue;
      people.dropPrekey(code.id);
      if (code.state === 'expired') {
        work.atEnd.push(() => void hands?.token({ kind: 'remove', token: code.token }));
      }
    }
    const over = people.codes().filter(({ state }) => state !== 'open');
    for (const { id, prekeySecret } of over.slice(0, Math.max(0, over.length - CODES_OVER_MAX))) {
      if (prekeySecret === null) people.removeCode(id);
    }
  };

  const end = (
    work: Work,
    row: StoredCode,
    state: 'used' | 'withdrawn',
    contact: number | null,
  ) => {
    people.setCode(row.id, state, contact);
    dropPrekeys(work);
    const { hands } = work;
    // An accepted invite's token stays until it ends: its request may come again in another try.
    if (state === 'withdrawn') {
      work.atEnd.push(() => void hands?.token({ kind: 'remove', token: row.token }));
    }
    work.changed.codes.add(toHex(row.id));
  };

  const codeOf = (idText: string): StoredCode => {
    const id = fromHex(idText);
    const row = id === null ? null : people.code(id);
    if (row === null) throw new CallFailure('unknown_code', 'id: no such code');
    return row;
  };

  const use = async (text: string): Promise<number> => {
    await own.whenAddress();
    return await parts.step((work) => {
      const checked = check(text);
      if (!checked.view.ok || checked.code === null) {
        const reason = checked.view.ok ? 'malformed' : checked.view.reason;
        throw new CallFailure('bad_code', `text: ${reason}`);
      }
      return handshakes.request(work, checked.code);
    }, HANDSHAKE_QUIET_MS);
  };

  return {
    view: (id) => {
      const row = people.code(id);
      return row === null ? null : view(row);
    },
    open: (id) => {
      const stored = people.code(id);
      if (stored === null) return null;
      const code = ownCode(parts, own, stored);
      return code === null ? null : { stored, code };
    },
    used: (work, row, contact) => {
      if (row.kind !== 'invite') return;
      // An invite lets one person in: whoever else asked by it is told nothing, as ever.
      if (people.requestCountOf(row.id) > 0) work.changed.hasRequests = true;
      people.removeRequestsOf(row.id);
      end(work, row, 'used', contact);
    },
    expire: (work) => {
      const nowUnixMs = work.now.unixMs;
      for (const { id } of people.codesOver(nowUnixMs)) {
        people.setCode(id, 'expired', null);
        work.changed.codes.add(toHex(id));
      }
      dropPrekeys(work);
      people.forgetSeen(nowUnixMs);
    },
    ready: () => {
      const ready = [...coming].filter((hex) => {
        const row = people.code(fromHex(hex) ?? new Uint8Array(0));
        return row === null || people.isTokenThere(row.token);
      });
      for (const hex of ready) coming.delete(hex);
      return ready;
    },
    check: (text) => check(text).view,
    use,
    handlers: {
      'code.list': () => parts.step(() => people.codes().map(view), CHECK_QUIET_MS),
      'code.create': async ({ kind, lifetimeMs }) => {
        const longest = kind === 'invite' ? INVITE_LIFETIME_MS_MAX : ADDRESS_LIFETIME_MS_MAX;
        if (lifetimeMs > longest) {
          throw new CallFailure('bad_arguments', `lifetimeMs: expected at most ${longest}`);
        }
        own.identity();
        await own.whenAddress();
        const id = await parts.step((work) => create(work, kind, lifetimeMs));
        return view(codeOf(toHex(id)));
      },
      'code.withdraw': async ({ id }) => {
        await parts.step((work) => {
          const row = codeOf(id);
          if (row.state === 'open') end(work, row, 'withdrawn', null);
        });
        return view(codeOf(id));
      },
      'code.check': async ({ text }) => {
        await own.whenAddress();
        return await parts.step(() => check(text).view, CHECK_QUIET_MS);
      },
      'code.use': async ({ text }) => {
        const id = await use(text);
        return parts.contactView(id);
      },
    },
  };
}

/** A code of one's own from its bytes, whoever reads it and whenever. */
function ownCode(parts: Parts, own: Own, stored: StoredCode): ContactCode | null {
  const parsed = decodeContactCode(parts.crypto, stored.bytes, {
    signingKey: own.identity().agreementKey,
    networkHash: own.address().networkHash,
    nowUnixMs: 0,
    isUsed: () => false,
  });
  return parsed.ok ? parsed.code : null;
}
