// The system's keychain as the engine sees it. It lives in the process's main thread and comes late
// (Electron has it once the app is ready), so the engine asks over the port to its host.
import type { Keychain } from '../store/key-file.ts';

export type { Keychain } from '../store/key-file.ts';

export type KeychainAsk = {
  readonly id: number;
  /** `find` looks once more whether there is one; its answer is null where there is none. */
  readonly op: 'wrap' | 'unwrap' | 'find';
  /** None for `find`. */
  readonly bytes: Uint8Array;
};

export type KeychainLink = {
  readonly keychain: Keychain;
  /** Whether the host has one now. */
  readonly find: () => Promise<boolean>;
  /** What the host answered; null where it has nothing, or could not. */
  readonly answer: (id: number, bytes: Uint8Array | null) => void;
};

/** The keychain behind `ask`, which hands a question to the host. */
export function createKeychainLink(ask: (question: KeychainAsk) => void): KeychainLink {
  const waiting = new Map<number, (bytes: Uint8Array | null) => void>();
  let nextId = 0;
  const put = (op: KeychainAsk['op'], bytes: Uint8Array): Promise<Uint8Array | null> =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      ask({ id, op, bytes });
    });
  return {
    keychain: {
      wrap: async (secret) => {
        const wrapped = await put('wrap', secret);
        if (wrapped === null) throw new Error('the keychain took nothing');
        return wrapped;
      },
      unwrap: (wrapped) => put('unwrap', wrapped),
    },
    find: async () => (await put('find', new Uint8Array())) !== null,
    answer: (id, bytes) => {
      waiting.get(id)?.(bytes);
      waiting.delete(id);
    },
  };
}

/** The host's side: what a question of the engine gives. Never rejects. */
export async function answerKeychain(
  keychain: Keychain | null,
  { op, bytes }: KeychainAsk,
): Promise<Uint8Array | null> {
  try {
    if (keychain === null) return null;
    return op === 'find' ? new Uint8Array() : await keychain[op](bytes);
  } catch {
    return null;
  }
}
