// Why a code cannot be used, in words with what to do: one sentence for each reason of the closed
// list.
import type { CodeCheck } from '../../shared/api-people.ts';
import type { Speech } from '../strings/language.ts';

type Refusal = Extract<CodeCheck, { readonly ok: false }>;

export function refusalWords(
  { text, formats }: Speech,
  refusal: Refusal,
  given: { readonly length: number; readonly ownNetwork: string | null },
): string {
  const { reason, networkName, expiresUnixMs } = refusal;
  if (reason === 'truncated') return text('refused.truncated', { count: given.length });
  if (reason === 'foreign_network') {
    return networkName === null || given.ownNetwork === null
      ? text('refused.foreign_network.unnamed')
      : text('refused.foreign_network', { network: networkName, own: given.ownNetwork });
  }
  if (reason === 'expired') {
    return expiresUnixMs === null
      ? text('refused.expired.undated')
      : text('refused.expired', { moment: formats.until(expiresUnixMs) });
  }
  return text(`refused.${reason}`);
}
