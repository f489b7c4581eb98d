// The chart of round trips on its canvas, by uPlot: median as a line, median to p95 as a band, what
// is expected as a dashed line, sleep hatched, lost loops as squares on a line of their own.
import type uPlot from 'uplot';
import type { Health } from '../../shared/api-health.ts';
import type { ChartColours } from './chart-colours.ts';

export const CHART_HEIGHT = 196;
/** Under the plot: the line of lost loops, and the times. */
const AXIS_HEIGHT = 52;
const LOST_LANE = 22;
const LOST_SIZE = 4.5;
/** Squares on each other in one step; more are told by the table. */
const LOST_STACK_MAX = 3;
const LABELS_WIDTH = 70;
const HATCH_PITCH = 7;
/** By how much a label may be wider than what it names. */
const LABEL_OVER = 24;
const FONT_PX = 11;

export type ChartTexts = {
  readonly p95: string;
  readonly p50: string;
  readonly expected: string;
  readonly lost: string;
  readonly pauses: { readonly slept: string; readonly offline: string };
  readonly time: (unixMs: number) => string;
  /** "9 s" of the topmost label, "6" of the others. */
  readonly seconds: (value: number, isTop: boolean) => string;
};

export type ChartParts = {
  readonly history: Health['history'];
  readonly colours: ChartColours;
  readonly texts: ChartTexts;
};

/** Times in seconds of the wall clock; the middle of each step. */
export function chartData({ steps, spanMs }: Health['history']): uPlot.AlignedData {
  const middle = spanMs / steps.length / 2;
  return [
    steps.map(({ fromUnixMs }) => (fromUnixMs + middle) / 1_000),
    steps.map(({ p95Ms }) => (p95Ms === null ? null : p95Ms / 1_000)),
    steps.map(({ p50Ms }) => (p50Ms === null ? null : p50Ms / 1_000)),
  ];
}

/** Where the scale ends: three lines of whole, half or tenth seconds above zero. */
export function chartTop({ steps, expectedMs }: Health['history']): number {
  const highest = Math.max(0.3, (expectedMs ?? 0) / 1_000, ...steps.map(topOf));
  const line = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30].find((one) => 3 * one >= highest);
  return 3 * (line ?? Math.ceil(highest / 3));
}

function topOf({ p95Ms }: Health['history']['steps'][number]): number {
  return (p95Ms ?? 0) / 1_000;
}

/** The options of a chart that reads `parts` whenever it is drawn. */
export function chartOptions(parts: () => ChartParts, width: number): uPlot.Options {
  const { colours, texts } = parts();
  const font = `${FONT_PX}px ${colours.family}`;
  const span = () => {
    const { steps, spanMs } = parts().history;
    const from = (steps[0]?.fromUnixMs ?? 0) / 1_000;
    return [from, from + spanMs / 1_000] as [number, number];
  };
  return {
    width,
    height: CHART_HEIGHT + AXIS_HEIGHT,
    padding: [8, LABELS_WIDTH, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, range: span },
      y: { range: () => [0, chartTop(parts().history)] },
    },
    axes: [
      {
        stroke: colours.ink,
        font,
        size: AXIS_HEIGHT,
        gap: LOST_LANE + 8,
        grid: { show: false },
        ticks: { show: false },
        splits: () => timesOf(span()),
        values: (_chart, splits) => splits.map((at) => texts.time(at * 1_000)),
      },
      {
        stroke: colours.ink,
        font,
        size: 36,
        gap: 8,
        grid: { stroke: colours.line, width: 1 },
        ticks: { show: false },
        splits: () => {
          const top = chartTop(parts().history);
          return [0, top / 3, (2 * top) / 3, top];
        },
        values: (_chart, splits) =>
          splits.map((value, index) => texts.seconds(value, index === splits.length - 1)),
      },
    ],
    series: [
      {},
      { scale: 'y', stroke: 'transparent', points: { show: false }, spanGaps: false },
      {
        scale: 'y',
        stroke: colours.accent,
        width: 2,
        points: { show: false },
        spanGaps: false,
      },
    ],
    bands: [{ series: [1, 2], fill: colours.band }],
    hooks: {
      drawClear: [(chart) => drawPauses(chart, parts())],
      draw: [
        (chart) => {
          drawExpected(chart, parts());
          drawLost(chart, parts());
          drawLabels(chart, parts());
        },
      ],
    },
  };
}

/** Five times, the first and the last at the edges. */
function timesOf([from, to]: [number, number]): number[] {
  return [0, 1, 2, 3, 4].map((index) => from + ((to - from) * index) / 4);
}

/** Runs what draws in px of the window. */
function inPixels(chart: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
  const { ctx } = chart;
  ctx.save();
  draw(ctx);
  ctx.restore();
}

function drawPauses(chart: uPlot, { history, colours, texts }: ChartParts): void {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = chart.bbox;
  inPixels(chart, (context) => {
    for (const { kind, fromUnixMs, toUnixMs } of history.pauses) {
      const from = Math.max(left, chart.valToPos(fromUnixMs / 1_000, 'x', true));
      const to = Math.min(left + width, chart.valToPos(toUnixMs / 1_000, 'x', true));
      if (to - from < 2 * ratio) continue;
      context.save();
      context.beginPath();
      context.rect(from, top, to - from, height);
      context.clip();
      context.strokeStyle = colours.line;
      context.lineWidth = 1.5 * ratio;
      context.beginPath();
      for (let x = from - height; x < to; x += HATCH_PITCH * ratio) {
        context.moveTo(x, top + height);
        context.lineTo(x + height, top);
      }
      context.stroke();
      context.restore();
      drawPauseLabel(context, { text: texts.pauses[kind], from, to }, chart, colours);
    }
  });
}

function drawPauseLabel(
  context: CanvasRenderingContext2D,
  { text, from, to }: { readonly text: string; readonly from: number; readonly to: number },
  chart: uPlot,
  colours: ChartColours,
): void {
  const ratio = devicePixelRatio;
  context.font = `${FONT_PX * ratio}px ${colours.family}`;
  const width = context.measureText(text).width + 8 * ratio;
  if (width > to - from + LABEL_OVER * ratio) return;
  const x = (from + to) / 2;
  const y = chart.bbox.top + chart.bbox.height / 2;
  context.fillStyle = colours.ground;
  context.fillRect(x - width / 2, y - 9 * ratio, width, 18 * ratio);
  context.fillStyle = colours.strong;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, x, y);
}

function drawExpected(chart: uPlot, { history, colours }: ChartParts): void {
  if (history.expectedMs === null) return;
  const ratio = devicePixelRatio;
  const y = chart.valToPos(history.expectedMs / 1_000, 'y', true);
  const { left, width } = chart.bbox;
  inPixels(chart, (context) => {
    context.strokeStyle = colours.expected;
    context.lineWidth = 1.25 * ratio;
    context.setLineDash([2 * ratio, 3 * ratio]);
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + width, y);
    context.stroke();
  });
}

function drawLost(chart: uPlot, { history, colours }: ChartParts): void {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = chart.bbox;
  const base = top + height + LOST_LANE * ratio;
  const middle = history.spanMs / history.steps.length / 2;
  inPixels(chart, (context) => {
    context.strokeStyle = colours.line;
    context.lineWidth = ratio;
    context.beginPath();
    context.moveTo(left, base + 2 * ratio);
    context.lineTo(left + width, base + 2 * ratio);
    context.stroke();
    context.fillStyle = colours.lost;
    const size = LOST_SIZE * ratio;
    for (const { fromUnixMs, lost } of history.steps) {
      const x = chart.valToPos((fromUnixMs + middle) / 1_000, 'x', true);
      for (let index = 0; index < Math.min(lost, LOST_STACK_MAX); index++) {
        context.fillRect(x - size / 2, base - (index + 1) * (size + ratio), size, size);
      }
    }
  });
}

/** Words at the end of each line, apart from each other where the lines are close. */
function drawLabels(chart: uPlot, { history, colours, texts }: ChartParts): void {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = chart.bbox;
  const at = (ms: number) => chart.valToPos(ms / 1_000, 'y', true);
  const last = history.steps.findLast(({ p50Ms }) => p50Ms !== null);
  const labels: { y: number; readonly text: string; readonly colour: string; isBold?: boolean }[] =
    [];
  if (last?.p95Ms != null) labels.push({ y: at(last.p95Ms), text: texts.p95, colour: colours.ink });
  if (last?.p50Ms != null) {
    labels.push({ y: at(last.p50Ms), text: texts.p50, colour: colours.accent, isBold: true });
  }
  if (history.expectedMs !== null) {
    labels.push({ y: at(history.expectedMs), text: texts.expected, colour: colours.ink });
  }
  labels.sort((a, b) => a.y - b.y);
  const apart = 15 * ratio;
  for (let index = 1; index < labels.length; index++) {
    const [above, label] = [labels[index - 1], labels[index]];
    if (above !== undefined && label !== undefined) label.y = Math.max(label.y, above.y + apart);
  }
  const lostAt = top + height + (LOST_LANE - 4) * ratio;
  labels.push({ y: lostAt, text: texts.lost, colour: colours.ink });
  inPixels(chart, (context) => {
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    for (const { text, y, colour, isBold } of labels) {
      context.font = `${isBold === true ? '500 ' : ''}${FONT_PX * ratio}px ${colours.family}`;
      context.fillStyle = colour;
      context.fillText(text, Math.round(left + width + 8 * ratio), Math.round(y));
    }
  });
}
