// The client's store as the client sees it, with another one put in its place while a profile is
// locked. The client goes on without a gap: its traffic does not tell when that happens.
import type { ClientStore } from '../mixnet/client/store.ts';

export type SwitchedStore = {
  readonly store: ClientStore;
  /** From the next call on. Not inside a step. */
  readonly switchTo: (other: ClientStore) => void;
};

export function createSwitchedStore(first: ClientStore): SwitchedStore {
  let current = first;
  const store: ClientStore = {
    documents: {
      load: () => current.documents.load(),
      save: (epoch, bytes) => current.documents.save(epoch, bytes),
      remove: (epoch) => current.documents.remove(epoch),
    },
    load: () => current.load(),
    createAccount: (account) => current.createAccount(account),
    setToken: (token) => current.setToken(token),
    setProviderLink: (link) => current.setProviderLink(link),
    setSequences: (sequences) => current.setSequences(sequences),
    addMessage: (message) => current.addMessage(message),
    addFragments: (id, first, bodies, isLast) => current.addFragments(id, first, bodies, isLast),
    fragment: (id, index) => current.fragment(id, index),
    reserve: (expected) => current.reserve(expected),
    release: (expected) => current.release(expected),
    acknowledged: (id, index) => current.acknowledged(id, index),
    setState: (id, state) => current.setState(id, state),
    remove: (id) => current.remove(id),
    renew: (id) => current.renew(id),
    isSeen: (key) => current.isSeen(key),
    addPart: (part) => current.addPart(part),
    removePartial: (id) => current.removePartial(id),
    received: (id) => current.received(id),
    take: (id) => current.take(id),
    addTokenCommand: (command) => current.addTokenCommand(command),
    removeTokenCommands: (upTo) => current.removeTokenCommands(upTo),
    renewTokens: () => current.renewTokens(),
    expire: (nowUnixMs) => current.expire(nowUnixMs),
    isLocked: () => current.isLocked(),
    atomically: (step) => current.atomically(step),
  };
  return {
    store,
    switchTo: (other) => {
      current = other;
    },
  };
}
