// The network that a profile has joined. It is kept as its file, and for good: another network is
// another profile, since addresses, mail and contacts belong to one.
import { equalBytes, fromUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  canonicalNetworkFile,
  type NetworkFile,
  networkHash,
  parseNetworkFile,
} from '../../shared/network/network-file.ts';
import { type OpenDb, transaction } from '../store/handle.ts';

export type JoinedNetwork =
  | { readonly kind: 'none' }
  | { readonly kind: 'joined'; readonly network: NetworkFile }
  /** The profile belongs to another network, by this name. */
  | { readonly kind: 'other'; readonly name: string };

/** The profile belongs to another network than the one it was asked to join. */
export class ForeignNetworkError extends Error {
  readonly networkName: string;
  constructor(networkName: string) {
    super('the profile belongs to another network');
    this.networkName = networkName;
  }
}

/** What the profile has joined; `asked` becomes it where it has joined none. */
export function joinNetwork(
  db: OpenDb,
  crypto: CryptoEngine,
  asked: NetworkFile | null,
): JoinedNetwork {
  const row = db.prepare('SELECT file FROM joined_network').get() as { file: string } | undefined;
  if (row === undefined) {
    if (asked === null) return { kind: 'none' };
    const file = fromUtf8(canonicalNetworkFile(asked));
    transaction(db, (write) => {
      write.prepare('INSERT INTO joined_network (id, file) VALUES (1, ?)').run(file);
    });
    return { kind: 'joined', network: asked };
  }
  const parsed = parseNetworkFile(row.file);
  if (!parsed.ok) throw new Error('must hold: the stored network file is one');
  const { network } = parsed;
  const isOther =
    asked !== null && !equalBytes(networkHash(crypto, asked), networkHash(crypto, network));
  return isOther ? { kind: 'other', name: network.name } : { kind: 'joined', network };
}
