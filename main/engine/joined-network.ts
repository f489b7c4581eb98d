// The network that a profile has joined. It is kept as its file, and for good: another network is
// another profile, since addresses, mail and contacts belong to one.
import { equalBytes, fromUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  canonicalNetworkFile,
  type NetworkFile,
  networkHash,
  type ParsedNetworkFile,
  parseNetworkFile,
  parseNetworkLink,
} from '../../shared/network/network-file.ts';
import { isLoopbackAddress } from '../../shared/network/node-address.ts';
import { type OpenDb, transaction } from '../store/handle.ts';

export type JoinedNetwork =
  | { readonly kind: 'none' }
  | { readonly kind: 'joined'; readonly network: NetworkFile }
  /** The profile belongs to another network, by this name. */
  | { readonly kind: 'other'; readonly name: string };

/** What every demo network is called; its hash tells the one of a data folder from all others. */
export const DEMO_NETWORK_NAME = 'Demo on this computer';

/**
 * Whether a network is a demo network: by its name, and since its authorities are on this computer.
 */
export function isDemoNetwork(network: NetworkFile): boolean {
  const addresses = network.authorities.flatMap((authority) => authority.addresses);
  return network.name === DEMO_NETWORK_NAME && addresses.every(isLoopbackAddress);
}

/** Parses what a person gave: a network link, or the text of a network file. */
export function parseNetworkText(crypto: CryptoEngine, text: string): ParsedNetworkFile {
  const isLink = text.trimStart().startsWith('eddy:');
  return isLink ? parseNetworkLink(crypto, text) : parseNetworkFile(text);
}

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
