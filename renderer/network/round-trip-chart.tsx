// The chart of round trips in the page: made once uPlot is there, sized by its frame, drawn anew
// when its numbers or the theme change. The table beside it says the same.
import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import type { Health } from '../../shared/api-health.ts';
import { useWidth } from '../state/use-width.ts';
import { useSpeech } from '../strings/speech.tsx';
import { type ChartParts, chartData, chartOptions } from './chart-canvas.ts';
import { useChartColours } from './chart-colours.ts';
import { duration, seconds } from './durations.ts';
import './round-trip-chart.css';

/** Before it is measured. */
const WIDTH_ASSUMED = 610;

type Maker = typeof uPlot;

export function RoundTripChart({ health }: { readonly health: Health }) {
  const speech = useSpeech();
  const { text, formats } = speech;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, WIDTH_ASSUMED);
  const colours = useChartColours(frame);
  const Maker = useMaker();
  const chart = useRef<uPlot | null>(null);
  const parts = useRef<ChartParts | null>(null);
  const { history } = health;
  if (colours !== null) {
    const texts = {
      p95: text('health.chart.p95'),
      p50: text('health.chart.p50'),
      expected: text('health.chart.expected'),
      lost: text('health.chart.lost'),
      pauses: { slept: text('health.chart.slept'), offline: text('health.chart.offline') },
      time: formats.time,
      seconds: (value: number, isTop: boolean) => {
        const number = Math.round(value * 100) / 100;
        return isTop ? text('time.seconds', { number }) : formats.number(number);
      },
    };
    parts.current = { history, colours, texts };
  }

  // With other colours or width everything is made anew; numbers alone are given to it.
  useEffect(() => {
    if (Maker === null || colours === null || frame.current === null) return;
    const read = (): ChartParts => {
      if (parts.current === null) throw new Error('must hold: a chart has parts');
      return parts.current;
    };
    const made = new Maker(chartOptions(read, width), chartData(read().history), frame.current);
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [Maker, colours, width]);
  useEffect(() => {
    chart.current?.setData(chartData(history));
  }, [history]);

  return (
    <div ref={frame} className="chart" role="img" aria-label={labelOf(speech, health)}>
      {health.loops.rate === null ? (
        <p className="chart-empty">{text('health.chart.empty')}</p>
      ) : null}
    </div>
  );
}

/** uPlot, once it was loaded; null where nothing can be drawn. */
function useMaker(): Maker | null {
  const [maker, setMaker] = useState<{ readonly Maker: Maker } | null>(null);
  useEffect(() => {
    if (!('CanvasRenderingContext2D' in window)) return;
    let isHere = true;
    import('uplot').then(
      ({ default: Maker }) => {
        if (isHere) setMaker({ Maker });
      },
      // The table has the same numbers.
      () => {},
    );
    return () => {
      isHere = false;
    };
  }, []);
  return maker?.Maker ?? null;
}

function labelOf(speech: ReturnType<typeof useSpeech>, health: Health): string {
  const { history, roundTrip } = health;
  if (roundTrip === null || history.expectedMs === null) {
    return speech.text('health.chart.label.empty');
  }
  return speech.text('health.chart.label', {
    time: duration(speech, history.spanMs),
    half: seconds(speech, roundTrip.p50Ms),
    most: seconds(speech, roundTrip.p95Ms),
    expected: seconds(speech, history.expectedMs),
    lost: history.steps.reduce((sum, { lost }) => sum + lost, 0),
  });
}
