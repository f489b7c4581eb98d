// Types of lock.mjs, which is plain JavaScript for the oldest Node.
export const STALE_MS: number;
export function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait?: (pid: number) => void,
  staleMs?: number,
): Promise<T>;
