// What a run is told by: a hash over all that was said, in order. Kept in pieces, since a hash over
// many short texts costs more than the run itself.
import { createHash } from 'node:crypto';

const PIECE_LENGTH = 65_536;

export type Trace = {
  readonly add: (text: string) => void;
  /** Of everything up to now, 64 hex digits. */
  readonly digest: () => string;
};

export function createTrace(): Trace {
  const hash = createHash('sha256');
  let piece = '';
  const flush = () => {
    hash.update(piece);
    piece = '';
  };
  return {
    add: (text) => {
      piece += text;
      if (piece.length >= PIECE_LENGTH) flush();
    },
    digest: () => {
      flush();
      return hash.copy().digest('hex');
    },
  };
}
