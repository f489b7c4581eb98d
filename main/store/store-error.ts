// Why a store could not be opened or used, as a closed union, and the way from SQLite's codes to
// it. Messages carry no path, no value and no SQL.

export type StoreFailure =
  /** Another engine has this profile open. */
  | 'profile_in_use'
  /** Written by a version that this one does not know. */
  | 'store_newer'
  /** Not what was written: parts are missing or changed. */
  | 'store_damaged'
  /** The key is missing, unreadable, or not the one of this file. */
  | 'store_key'
  /** The system does not let the file be read or written. */
  | 'store_access'
  /** No room on the disk. */
  | 'store_full'
  /** A step to a newer schema failed; the file has its old schema. */
  | 'store_migration';

/** The store could not do it; what lies on the disk is as it was found. */
export class StoreError extends Error {
  readonly code: StoreFailure;
  constructor(code: StoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** The string `code` of an error of SQLite or the system; '' where it has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** `error` as what it means for a user; itself where it is not about file, disk or key. */
export function classify(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  const as = (failure: StoreFailure, message: string) =>
    new StoreError(failure, message, { cause: error });
  // A page that fails its authentication tag in the middle of a file is reported as either of
  // these.
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return as('store_damaged', 'the file is damaged');
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return as('store_full', 'the disk is full');
  }
  if (/^SQLITE_(CANTOPEN|PERM|READONLY|AUTH|IOERR|BUSY|LOCKED|NOLFS)/.test(code)) {
    return as('store_access', `the file cannot be used: ${code}`);
  }
  if (/^(EACCES|EPERM|EROFS|EISDIR|ENOTDIR|ENOENT|EEXIST|EIO|ELOOP|EMFILE)$/.test(code)) {
    return as('store_access', `the file cannot be used: ${code}`);
  }
  return error;
}
