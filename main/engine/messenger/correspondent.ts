// The built-in correspondent of the demo network is asked once, by itself, so that somebody is
// there who answers (design section 5).
import type { DemoNote } from '../program.ts';
import type { Codes } from './codes.ts';
import type { Own } from './own.ts';
import type { Parts } from './parts.ts';

export type Correspondent = {
  /** Something has changed that may have been missing. */
  readonly look: () => Promise<void>;
};

export function createCorrespondent(
  parts: Parts,
  own: Own,
  codes: Codes,
  demo: () => DemoNote,
): Correspondent {
  const { people } = parts;
  let isAsking = false;

  const ask = async (code: string): Promise<void> => {
    const checked = codes.check(code);
    // One that cannot be used now may be another at the next start.
    if (!checked.ok && checked.reason !== 'known') return;
    if (checked.ok) await codes.use(code);
    await parts.step(() => people.markCorrespondentUsed());
  };

  return {
    look: async () => {
      const code = demo().correspondent;
      const mixnet = parts.mixnet();
      if (isAsking || code === null || mixnet === null || mixnet.client.address() === null) return;
      const profile = people.profile();
      if (profile === null || profile.isCorrespondentUsed) return;
      if (own.profile().network?.isDemo !== true) return;
      isAsking = true;
      try {
        await ask(code);
      } finally {
        isAsking = false;
      }
    },
  };
}
