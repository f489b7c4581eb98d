// What of a profile must be in no output, and the look for it: keys in any form in which bytes are
// written as text.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openVault } from '../../main/engine/vault.ts';
import { systemRandom } from '../../main/system.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { decodeSession } from '../../shared/session/session-codec.ts';

export type Secret = { readonly name: string; readonly bytes: Uint8Array };
export type ProfileSecrets = {
  /** In no output at all. */
  readonly keys: readonly Secret[];
  /** In no log and no refusal; in events as a contact code alone. */
  readonly identities: readonly Secret[];
};

/** Reads the profile of an engine that has ended. */
export function secretsOf(profileDir: string): ProfileSecrets {
  const vault = openVault({
    profileDir,
    crypto: nobleEngine,
    random: systemRandom,
    keychain: () => null,
  });
  if (!vault.takePlain()) throw new Error('the profile has no plain slot');
  const db = vault.open();
  const keys: Secret[] = [];
  const add = (name: string, bytes: Uint8Array) => keys.push({ name, bytes: bytes.slice() });
  const keyFile = readFileSync(path.join(profileDir, 'store.key'), 'utf8');
  const { slots } = JSON.parse(keyFile) as { slots: { kind: string; key: string }[] };
  for (const { key } of slots) add('master key', Buffer.from(key, 'base64'));
  const codes = db.prepare('SELECT prekey_secret AS key FROM code WHERE prekey_secret IS NOT NULL');
  for (const { key } of codes.all() as { key: Uint8Array }[]) add('prekey of a code', key);
  const { identity } = db.prepare('SELECT identity FROM profile').get() as {
    identity: Uint8Array;
  };
  add('signing seed', identity.subarray(1, 33));
  add('agreement secret', identity.subarray(33, 65));
  const client = db
    .prepare('SELECT auth_secret_key AS auth, mailbox_secret_key AS mailbox FROM client_state')
    .get() as { auth: Uint8Array; mailbox: Uint8Array };
  add('provider seed', client.auth.subarray(0, 32));
  add('mailbox secret', client.mailbox);
  for (const row of db.prepare('SELECT bytes FROM session').all() as { bytes: Uint8Array }[]) {
    const session = decodeSession(nobleEngine, row.bytes);
    if (session === null) throw new Error('a stored session is one');
    add('root key', session.rootKey);
    add('ratchet secret', session.ownKey.secretKey);
    add('chain key', session.sendChain.chainKey);
    add('header key', session.sendChain.headerKey);
    add('associated', session.associated);
    for (const { headerKey, chainKey, skipped } of session.receiveChains) {
      for (const { key } of skipped) add('skipped message key', key);
      add('receive header key', headerKey);
      if (chainKey !== null) add('receive chain key', chainKey);
    }
  }
  const people = db
    .prepare('SELECT signing_key AS signing, agreement_key AS agreement FROM contact')
    .all() as { signing: Uint8Array; agreement: Uint8Array }[];
  const identities = people.flatMap(({ signing, agreement }) => [
    { name: 'signing key', bytes: signing.slice() },
    { name: 'agreement key', bytes: agreement.slice() },
  ]);
  db.close();
  vault.forget();
  vault.release();
  return { keys, identities };
}

/** Names of those secrets that stand in a text: as hex, base64 of either alphabet, or numbers. */
export function secretsIn(text: string, secrets: readonly Secret[]): string[] {
  const hidden: Buffer[] = [];
  for (const [word] of text.matchAll(/[0-9a-fA-F]{32,}/g)) {
    // Bytes may begin at either half.
    hidden.push(Buffer.from(word.slice(0, word.length & ~1), 'hex'));
    hidden.push(Buffer.from(word.slice(1, 1 + ((word.length - 1) & ~1)), 'hex'));
  }
  for (const [word] of text.matchAll(/[A-Za-z0-9_+/-]{22,}/g)) {
    for (let from = 0; from < 4; from++) hidden.push(Buffer.from(word.slice(from), 'base64url'));
  }
  for (const [list] of text.matchAll(/\d{1,3}(,\s*\d{1,3}){15,}/g)) {
    hidden.push(Buffer.from(list.split(',').map(Number)));
  }
  return secrets
    .filter(({ bytes }) => hidden.some((one) => one.includes(Buffer.from(bytes.subarray(0, 16)))))
    .map(({ name }) => name);
}
