// The twin of the epoch key store on disk: keeps keys and tags over a restart of the role, in
// memory. What was not flushed is gone with the role.
import type { EpochKeyStore, StoredEpochKey } from '../../main/mixnet/epoch-keys.ts';

export type MemoryEpochKeyStore = EpochKeyStore & {
  readonly epochs: () => number[];
  /** A planted defect: from here on no tag outlives the role. */
  readonly forgetTags: () => void;
};

const TAGS_SIZE_FIRST = 4_096;

/** Tags one after another, in room that doubles where it is full. */
type Tags = { room: Uint8Array; size: number; flushedSize: number };

export function memoryEpochKeyStore(): MemoryEpochKeyStore {
  const kept = new Map<number, { privateKey: Uint8Array; tags: Tags }>();
  let isForgetful = false;
  return {
    epochs: () => [...kept.keys()],
    forgetTags: () => {
      isForgetful = true;
    },
    load: () =>
      Array.from(kept, ([epoch, { privateKey, tags }]): StoredEpochKey => {
        tags.size = isForgetful ? 0 : tags.flushedSize;
        return { epoch, privateKey: privateKey.slice(), tags: tags.room.slice(0, tags.size) };
      }),
    create: (epoch, privateKey) => {
      const tags = { room: new Uint8Array(TAGS_SIZE_FIRST), size: 0, flushedSize: 0 };
      kept.set(epoch, { privateKey: privateKey.slice(), tags });
    },
    remember: (epoch, tag) => {
      const key = kept.get(epoch);
      if (key !== undefined) add(key.tags, tag);
    },
    flush: () => {
      for (const { tags } of kept.values()) tags.flushedSize = tags.size;
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
