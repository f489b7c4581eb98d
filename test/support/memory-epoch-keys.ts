// The twin of the epoch key store on disk: keeps keys and tags over a restart of the role, in
// memory.
import type { EpochKeyStore, StoredEpochKey } from '../../main/mixnet/epoch-keys.ts';

export type MemoryEpochKeyStore = EpochKeyStore & { readonly epochs: () => number[] };

export function memoryEpochKeyStore(): MemoryEpochKeyStore {
  const kept = new Map<number, { privateKey: Uint8Array; tags: number[] }>();
  return {
    epochs: () => [...kept.keys()],
    load: () =>
      Array.from(
        kept,
        ([epoch, key]): StoredEpochKey => ({
          epoch,
          privateKey: key.privateKey.slice(),
          tags: Uint8Array.from(key.tags),
        }),
      ),
    create: (epoch, privateKey) => {
      kept.set(epoch, { privateKey: privateKey.slice(), tags: [] });
    },
    remember: (epoch, tag) => {
      kept.get(epoch)?.tags.push(...tag);
    },
    destroy: (epoch) => {
      kept.delete(epoch);
    },
  };
}
