// The first byte of everything that a contact tag leads to: what kind of message it is. A kind that
// is not known is one of a newer program.

/** A byte per kind and version. */
export const ENVELOPE = {
  request: 1,
  acceptance: 2,
  message: 3,
  reset: 4,
  resetAcceptance: 5,
} as const;

export type EnvelopeKind = keyof typeof ENVELOPE;

const kinds = new Map<number, EnvelopeKind>(
  (Object.keys(ENVELOPE) as EnvelopeKind[]).map((kind) => [ENVELOPE[kind], kind]),
);

/** What kind of message these bytes are; null for none that this program knows. */
export function envelopeKind(message: Uint8Array): EnvelopeKind | null {
  return kinds.get(message[0] ?? 0) ?? null;
}
