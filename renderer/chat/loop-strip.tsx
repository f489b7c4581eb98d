// The heartbeat: one bar per loop, newest at the end, height = round trip, hollow amber = lost,
// hollow accent = on its way. Bar sizes are SVG attributes.
import { useSpeech } from '../strings/speech.tsx';
import './loop-strip.css';

export type Loop =
  | { readonly id: number; readonly fate: 'returned'; readonly roundTripMs: number }
  | { readonly id: number; readonly fate: 'lost' | 'flying' };

/** Bars that are drawn; as many as fit into the widest list. */
export const LOOPS_SHOWN_MAX = 52;
const PITCH = 7.5;
const BAR_WIDTH = 4.8;
const HEIGHT = 15;
const BAR_HEIGHT_MIN = 4;

export function LoopStrip({ loops }: { readonly loops: readonly Loop[] }) {
  const { text } = useSpeech();
  const shown = loops.slice(-LOOPS_SHOWN_MAX);
  const slowest = Math.max(1, ...shown.map((l) => (l.fate === 'returned' ? l.roundTripMs : 0)));
  const count = (fate: Loop['fate']) => shown.filter((loop) => loop.fate === fate).length;
  const width = Math.max(1, shown.length) * PITCH;
  return (
    <span className="strip">
      <svg
        className="strip-bars"
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={text('strip.loops', {
          all: shown.length,
          returned: count('returned'),
          lost: count('lost'),
          flying: count('flying'),
        })}
      >
        {shown.map((loop, index) => (
          <Bar key={loop.id} loop={loop} x={index * PITCH} slowest={slowest} />
        ))}
      </svg>
    </span>
  );
}

function Bar(props: { readonly loop: Loop; readonly x: number; readonly slowest: number }) {
  const { loop } = props;
  if (loop.fate === 'returned') {
    const share = loop.roundTripMs / props.slowest;
    const height = BAR_HEIGHT_MIN + share * (HEIGHT - BAR_HEIGHT_MIN);
    return (
      <rect
        className="strip-returned"
        x={props.x + PITCH - BAR_WIDTH}
        y={HEIGHT - height}
        width={BAR_WIDTH}
        height={height}
        rx="1.5"
      />
    );
  }
  return (
    <rect
      className={`strip-${loop.fate}`}
      x={props.x + PITCH - BAR_WIDTH + 0.6}
      y={HEIGHT - 6.6}
      width={BAR_WIDTH - 1.2}
      height={6}
      rx="1.2"
    />
  );
}
