// What leaves this computer: one bar of all packets, and the same numbers in words.
import { useSpeech } from '../strings/speech.tsx';

export type Share = {
  readonly id: string;
  readonly words: string;
  readonly count: number;
  /** 0 to 3, from strong to faint; its place among them where absent. */
  readonly tone?: number;
};

/** Tones there are; what comes after takes the last one. */
const TONES = 4;
const WIDTH = 240;
const GAP = 1.5;

export function Shares({ shares }: { readonly shares: readonly Share[] }) {
  const { formats } = useSpeech();
  const all = Math.max(
    1,
    shares.reduce((sum, share) => sum + share.count, 0),
  );
  const tone = (share: Share, index: number) => Math.min(share.tone ?? index, TONES - 1);
  let x = 0;
  return (
    <>
      <svg
        className="shares-bar"
        viewBox={`0 0 ${WIDTH} 12`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {shares.map((share, index) => {
          const width = (share.count / all) * WIDTH;
          const from = x;
          x += width;
          return (
            <rect
              key={share.id}
              className={`share-${tone(share, index)}`}
              x={from}
              width={Math.max(1, width - GAP)}
              height="12"
            />
          );
        })}
      </svg>
      <ul className="shares-key">
        {shares.map((share, index) => (
          <li key={share.id}>
            <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
              <rect className={`share-key-${tone(share, index)}`} width="10" height="10" rx="3" />
            </svg>
            {share.words}
            <span className="shares-count">{formats.number(share.count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
