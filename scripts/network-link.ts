// The network that `npm start` was given, as a link or as the name of a file.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseNetworkText } from '../main/engine/joined-network.ts';
import { nobleEngine } from '../shared/crypto-noble.ts';
import { formatNetworkLink } from '../shared/network/network-file.ts';

export type ReadNetwork =
  | { readonly ok: true; readonly link: string }
  | { readonly ok: false; readonly why: string };

/** The link of the network; a file's name is meant from `folder`. Says what cannot be read. */
export function networkLink(given: string, folder: string): ReadNetwork {
  const text = given.startsWith('eddy:') ? given : contentOf(given, folder);
  if (text === null) {
    return { ok: false, why: 'file: expected a network file or link, got what cannot be read' };
  }
  const parsed = parseNetworkText(nobleEngine, text);
  if (parsed.ok) return { ok: true, link: formatNetworkLink(nobleEngine, parsed.network) };
  const { field, expected, got } = parsed.error;
  return { ok: false, why: `${field}: expected ${expected}, got ${got}` };
}

function contentOf(name: string, folder: string): string | null {
  try {
    return readFileSync(path.resolve(folder, name), 'utf8');
  } catch {
    return null;
  }
}
