// Where a node listens: `host:port`, as it stands in descriptors and network files; an IPv6 address
// in brackets. And whether that is this computer, which is what two of the traffic sets insist on.

/** Room for a long domain name and a port; bounds a descriptor. */
export const NODE_ADDRESS_SIZE_MAX = 128;

export type NodeAddress = { readonly host: string; readonly port: number };
export type NodeAddressRefusal = 'address_too_long' | 'address_host' | 'address_port';

/**
 * Parses `host:port`. The host is an IPv4 address, an IPv6 address in brackets or a domain name.
 */
export function parseNodeAddress(
  text: string,
):
  | { readonly ok: true; readonly address: NodeAddress }
  | { readonly ok: false; readonly reason: NodeAddressRefusal } {
  if (text.length > NODE_ADDRESS_SIZE_MAX) return { ok: false, reason: 'address_too_long' };
  const colon = text.lastIndexOf(':');
  const hostText = colon < 0 ? text : text.slice(0, colon);
  const host = parseHost(hostText);
  if (host === null) return { ok: false, reason: 'address_host' };
  const portText = colon < 0 ? '' : text.slice(colon + 1);
  const port = /^[1-9][0-9]{0,4}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) return { ok: false, reason: 'address_port' };
  return { ok: true, address: { host, port } };
}

/** Whether an address leads to this computer and nowhere else. What does not parse does not. */
export function isLoopbackAddress(text: string): boolean {
  const parsed = parseNodeAddress(text);
  if (!parsed.ok) return false;
  const { host } = parsed.address;
  return host === 'localhost' || host === '::1' || /^127\.[0-9.]+$/.test(host);
}

/** The host without brackets, or null. */
function parseHost(text: string): string | null {
  const bracketed = /^\[([0-9a-f:.]{2,45})\]$/.exec(text)?.[1];
  if (bracketed !== undefined) return isIpv6(bracketed) ? bracketed : null;
  if (/^[0-9.]+$/.test(text)) return isIpv4(text) ? text : null;
  const labels = text.split('.');
  const isName =
    text.length >= 1 && labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return isName ? text : null;
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return (
    parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && +part < 256)
  );
}

/** Eight groups, or fewer around one `::`; an IPv4 tail stands for two. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1) ?? '';
  const hasIpv4 = tail.includes('.');
  if (hasIpv4 && !(isIpv4(tail) && text.endsWith(tail))) return false;
  const plain = hasIpv4 ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return false;
  const count = groups.length + (hasIpv4 ? 1 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}
