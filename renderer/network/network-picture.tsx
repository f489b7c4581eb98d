// The picture of the network: columns of nodes, the links between neighbouring columns, one loop on
// its way. Solid is measured and good, amber with ! is suspected, dashed is unknown or not begun.
// Sizes are SVG attributes; the table beside it says the same in numbers.
import { useRef } from 'react';
import { useWidth } from '../state/use-width.ts';
import { layOut, type Placed } from './picture-layout.ts';
import './network-picture.css';

export type NodeState = 'good' | 'suspected' | 'starting' | 'unknown';
export type PictureNode = {
  readonly id: string;
  readonly kind: 'mix' | 'provider';
  readonly name: string;
  /** Under the name: "99.6 %", "not measured". */
  readonly words: string;
  /** The same where columns are narrow: "90.9 %", "unknown". */
  readonly wordsShort?: string;
  readonly state: NodeState;
  /** Of a suspected node: the share it loses, 0 to 1; its ring is open by as much. */
  readonly loss?: number;
};
export type Column = { readonly title: string; readonly nodes: readonly PictureNode[] };
/** A loop: the nodes it takes, and how many hops of them lie behind it. */
export type Flight = { readonly path: readonly string[]; readonly hopsDone: number };

export type NetworkPictureProps = {
  /** What it shows, in a sentence. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly flight?: Flight;
  /** Without the names of nodes; the titles stand under their columns. */
  readonly isPlain?: boolean;
};

/** Narrower columns take the short words. */
const COLUMN_WIDTH_MIN = 90;
/** Before it is measured. */
const WIDTH_ASSUMED = 610;

export function NetworkPicture({ label, columns, flight, isPlain = false }: NetworkPictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, WIDTH_ASSUMED);
  const picture = layOut(columns, { flight, isPlain, width });
  return (
    <div ref={frame}>
      <svg
        className={isPlain ? 'picture picture-plain' : 'picture'}
        width={width}
        height={picture.height}
        viewBox={`0 0 ${width} ${picture.height}`}
        role="img"
        aria-label={label}
      >
        {picture.links.map((link) => (
          <line
            key={link.id}
            className={link.isSure ? 'picture-link' : 'picture-link picture-link-unsure'}
            x1={link.x1}
            y1={link.y1}
            x2={link.x2}
            y2={link.y2}
          />
        ))}
        {picture.legs.map((leg) => (
          <line
            key={leg.id}
            className={leg.isDone ? 'picture-leg' : 'picture-leg picture-leg-ahead'}
            x1={leg.x1}
            y1={leg.y1}
            x2={leg.x2}
            y2={leg.y2}
          />
        ))}
        {picture.titles.map((title) => (
          <text key={title.id} className="picture-title" x={title.x} y={picture.titleY}>
            {title.words}
          </text>
        ))}
        {picture.placed.map((placed) => (
          <NodeDrawing
            key={placed.id}
            placed={placed}
            isPlain={isPlain}
            isNarrow={width / columns.length < COLUMN_WIDTH_MIN}
          />
        ))}
        {picture.packet === null ? null : (
          <circle className="picture-packet" cx={picture.packet.x} cy={picture.packet.y} r="4" />
        )}
      </svg>
    </div>
  );
}

function NodeDrawing(props: {
  readonly placed: Placed;
  readonly isPlain: boolean;
  readonly isNarrow: boolean;
}) {
  const { placed, isPlain } = props;
  const { node, x, y } = placed;
  return (
    <g className={`picture-node picture-${node.state}`}>
      {node.state === 'suspected' ? <circle className="picture-halo" cx={x} cy={y} r="15" /> : null}
      <NodeShape {...placed} />
      {isPlain ? null : (
        <>
          <text className="picture-name" x={x} y={y + 28}>
            {node.name}
          </text>
          <text className="picture-words" x={x} y={y + 41}>
            {props.isNarrow ? (node.wordsShort ?? node.words) : node.words}
          </text>
        </>
      )}
    </g>
  );
}

function NodeShape({ node, x, y }: Placed) {
  if (node.kind === 'provider') {
    return (
      <>
        <rect className="picture-shape" x={x - 10} y={y - 10} width="20" height="20" rx="5" />
        {node.state === 'good' ? <circle className="picture-core" cx={x} cy={y} r="2.6" /> : null}
      </>
    );
  }
  if (node.state === 'suspected') {
    const open = Math.min(0.9, Math.max(0.06, node.loss ?? 0));
    return (
      <>
        <circle
          className="picture-shape"
          cx={x}
          cy={y}
          r="10"
          pathLength="1"
          strokeDasharray={`${1 - open} ${open}`}
          transform={`rotate(${-90 + 180 * open} ${x} ${y})`}
        />
        <path className="picture-sign" d={`M${x} ${y - 4.5}v5M${x} ${y + 4.5}v.01`} />
      </>
    );
  }
  return (
    <>
      {node.state === 'starting' ? <circle className="picture-track" cx={x} cy={y} r="10" /> : null}
      <circle className="picture-shape" cx={x} cy={y} r="10" transform={`rotate(-90 ${x} ${y})`} />
    </>
  );
}
