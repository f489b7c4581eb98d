// A disk without room, as roles tell it from a store that cannot be used: nothing of the write was
// done, and it may be done later.

/** Whether a store threw `error` for want of room (its `code` says so), itself or as a cause. */
export function isStoreFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && error.code === 'store_full') return true;
  return isStoreFull(error.cause);
}

/** Does a write; false where it found no room. Throws what else it throws. */
export function unlessFull(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!isStoreFull(error)) throw error;
    return false;
  }
}
