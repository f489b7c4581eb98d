// The twin of the document store on disk: keeps documents over a restart of the role, in memory.
import type { DocumentStore } from '../../main/mixnet/documents.ts';

export function memoryDocumentStore(): DocumentStore {
  const kept = new Map<number, Uint8Array>();
  return {
    load: () => [...kept.values()],
    save: (epoch, bytes) => kept.set(epoch, bytes),
    remove: (epoch) => kept.delete(epoch),
  };
}
