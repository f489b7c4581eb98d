// The twin of the epoch key store on disk: keeps keys and tags over a restart of the role, in
// memory.
import type { EpochKeyStore, StoredEpochKey } from '../../main/mixnet/epoch-keys.ts';

export type MemoryEpochKeyStore = EpochKeyStore & { readonly epochs: () => number[] };

const TAGS_SIZE_FIRST = 4_096;

/** Tags one after another, in room that doubles where it is full. */
type Tags = { room: Uint8Array; size: number };

export function memoryEpochKeyStore(): MemoryEpochKeyStore {
  const kept = new Map<number, { privateKey: Uint8Array; tags: Tags }>();
  return {
    epochs: () => [...kept.keys()],
    load: () =>
      Array.from(
        kept,
        ([epoch, key]): StoredEpochKey => ({
          epoch,
          privateKey: key.privateKey.slice(),
          tags: key.tags.room.slice(0, key.tags.size),
        }),
      ),
    create: (epoch, privateKey) => {
      const tags = { room: new Uint8Array(TAGS_SIZE_FIRST), size: 0 };
      kept.set(epoch, { privateKey: privateKey.slice(), tags });
    },
    remember: (epoch, tag) => {
      const key = kept.get(epoch);
      if (key !== undefined) add(key.tags, tag);
    },
    destroy: (epoch) => {
      kept.delete(epoch);
    },
  };
}

function add(tags: Tags, tag: Uint8Array): void {
  const size = tags.size + tag.length;
  if (size > tags.room.length) {
    const room = new Uint8Array(2 * size);
    room.set(tags.room);
    tags.room = room;
  }
  tags.room.set(tag, tags.size);
  tags.size = size;
}
