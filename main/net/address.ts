// Addresses of nodes as documents and configurations write them: `host:port`, IPv6 in brackets.

export type Address = { readonly host: string; readonly port: number };

/** Longest host name, RFC 1035. */
export const HOST_LENGTH_MAX = 253;

/** Host and port of `host:port` or `[v6]:port`, or null. */
export function parseAddress(text: string): Address | null {
  const match = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  if (match === null) return null;
  const host = match[1] ?? match[2] ?? '';
  const port = Number(match[3]);
  if (host.length > HOST_LENGTH_MAX || port < 1 || port > 65_535) return null;
  return { host, port };
}

/** Whether the host is this machine, by the form of its name alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
