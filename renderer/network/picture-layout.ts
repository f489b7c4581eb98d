// Where everything of the picture of the network stands: columns side by side, the nodes of each
// spread over the height, links between neighbouring columns, the loop on its way along them.
import type { Column, Flight, PictureNode } from './network-picture.tsx';

const ROW_HEIGHT = 78;
const TOP = 48;
/** Without titles above. */
const TOP_PLAIN = 16;
/** Where a line ends at a node's edge. */
const NODE_RADIUS = 11;

export type Placed = {
  /** Of its place: a node may stand in two columns. */
  readonly id: string;
  readonly node: PictureNode;
  readonly x: number;
  readonly y: number;
};
type Line = {
  readonly id: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};
type Point = { readonly x: number; readonly y: number };

export type Layout = {
  readonly height: number;
  /** Base line of the titles: above the columns, or under plain ones. */
  readonly titleY: number;
  readonly titles: readonly { readonly id: string; readonly words: string; readonly x: number }[];
  readonly placed: readonly Placed[];
  /** Not sure where one of its ends is not known or not begun. */
  readonly links: readonly (Line & { readonly isSure: boolean })[];
  readonly legs: readonly (Line & { readonly isDone: boolean })[];
  readonly packet: Point | null;
};

export type LayoutOptions = {
  readonly flight: Flight | undefined;
  readonly isPlain: boolean;
  /** px there are for all columns. */
  readonly width: number;
};

export function layOut(
  columns: readonly Column[],
  { flight, isPlain, width }: LayoutOptions,
): Layout {
  const top = isPlain ? TOP_PLAIN : TOP;
  const rows = Math.max(1, ...columns.map((column) => column.nodes.length));
  const xOf = (index: number) => (width / Math.max(1, columns.length)) * (index + 0.5);
  const placedColumns = columns.map((column, index) =>
    column.nodes.map((node, row): Placed => {
      const share = (row + 0.5) / column.nodes.length;
      const y = top + share * rows * ROW_HEIGHT - ROW_HEIGHT / 2;
      return { id: `${index}/${node.id}`, node, x: xOf(index), y };
    }),
  );
  const links = placedColumns.flatMap((from, index) =>
    from.flatMap((a) =>
      (placedColumns[index + 1] ?? []).map((b) => ({
        ...between(a, b),
        isSure: isBegun(a.node) && isBegun(b.node),
      })),
    ),
  );
  const stations = stationsOf(placedColumns, flight);
  const legs = stations.slice(1).map((to, index) => {
    const from = stations[index] ?? to;
    return { ...between(from, to), isDone: index < Math.floor(flight?.hopsDone ?? 0) };
  });
  return {
    height: top + rows * ROW_HEIGHT - (isPlain ? 24 : 16),
    titleY: isPlain ? top + rows * ROW_HEIGHT - 32 : 12,
    titles: columns.map((column, index) => ({
      id: `${index}-${column.title}`,
      words: column.title,
      x: xOf(index),
    })),
    placed: placedColumns.flat(),
    links,
    legs,
    packet: packetOf(stations, flight),
  };
}

function isBegun(node: PictureNode): boolean {
  return node.state === 'good' || node.state === 'suspected';
}

/** The placed nodes of a flight, one in each column; none where one of them is not drawn. */
function stationsOf(columns: readonly (readonly Placed[])[], flight?: Flight): readonly Placed[] {
  if (flight === undefined) return [];
  const stations = flight.path.flatMap(
    (id, index) => columns[index]?.find((placed) => placed.node.id === id) ?? [],
  );
  return stations.length === flight.path.length ? stations : [];
}

/** Where the packet is: between two stations by the fraction of `hopsDone`. */
function packetOf(stations: readonly Placed[], flight?: Flight): Point | null {
  if (flight === undefined) return null;
  const done = Math.floor(flight.hopsDone);
  const from = stations[done];
  const to = stations[done + 1];
  if (from === undefined || to === undefined) return null;
  const share = flight.hopsDone - done;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** The line from edge to edge of two nodes. */
function between(a: Placed, b: Placed): Line {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [dx, dy] = [((b.x - a.x) / length) * NODE_RADIUS, ((b.y - a.y) / length) * NODE_RADIUS];
  return {
    id: `${a.id}>${b.id}`,
    x1: a.x + dx,
    y1: a.y + dy,
    x2: b.x - dx,
    y2: b.y - dy,
  };
}
