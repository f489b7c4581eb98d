// Pulls are constant: asked at one interval, each answered by one answer on the link it came by,
// whatever is in the mailbox.
import { frameKindOf } from '../../shared/network/frame-sizes.ts';
import type { FrameEvent, Observer } from './parts.ts';

/** A provider commits what it answers within moments: more pulls than these do not wait for it. */
export const PULLS_OPEN_MAX = 4;
const MICROSECOND_MS = 0.001;

export type PullReport = (
  invariant: 'pull-answer' | 'pull-interval',
  host: string,
  what: string,
) => void;

export function watchPulls(pullIntervalMs: number, report: PullReport): Observer {
  /** Requests that reached a provider and were not answered, by link. */
  const open = new Map<string, number>();
  /** When a client asked last, by link. */
  const asked = new Map<string, number>();
  const linkOf = (client: string, provider: string) => `${client} ${provider}`;

  const onRequest = ({ atMs, from, to }: FrameEvent): void => {
    const link = linkOf(from, to);
    const gapMs = atMs - (asked.get(link) ?? Number.NEGATIVE_INFINITY);
    asked.set(link, atMs);
    // A longer gap is a pull that was forfeited, or a sleep.
    if (gapMs > 1.5 * pullIntervalMs) return;
    if (Math.abs(gapMs - pullIntervalMs) > MICROSECOND_MS) {
      report('pull-interval', from, `${gapMs} ms after the one before`);
    }
  };
  const onAnswer = ({ from, to }: FrameEvent): void => {
    const link = linkOf(to, from);
    const waiting = open.get(link) ?? 0;
    if (waiting === 0) report('pull-answer', from, 'an answer that nobody asked for');
    else open.set(link, waiting - 1);
  };
  return {
    onSend: (event) => {
      const kind = frameKindOf(event.frame[0] ?? 0);
      if (kind === 'pull-request') onRequest(event);
      if (kind === 'pull-answer') onAnswer(event);
    },
    onDeliver: ({ from, to, frame }) => {
      if (frameKindOf(frame[0] ?? 0) !== 'pull-request') return;
      const link = linkOf(from, to);
      const waiting = (open.get(link) ?? 0) + 1;
      open.set(link, waiting);
      if (waiting > PULLS_OPEN_MAX) report('pull-answer', to, `${waiting} pulls wait`);
    },
    // What was asked on a link is answered on no other.
    onCut: (a, b) => {
      for (const link of [linkOf(a, b), linkOf(b, a)]) {
        open.delete(link);
        asked.delete(link);
      }
    },
  };
}
