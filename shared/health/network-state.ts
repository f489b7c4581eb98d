// The one state of the network that a person is told: how this computer is linked with it, and
// where it is, what own loops say. A link that is lost for a moment changes nothing that is shown.
import type { Delivery } from './delivery.ts';

/** A lost link is told after so long; a link that never stood, at once. */
export const HOLD_MS = 5_000;
/** So long without a link is not the usual wait for one. */
export const OFFLINE_AFTER_MS = 30_000;

export type NetworkState =
  | 'none'
  | 'connecting'
  | Delivery
  | 'offline'
  /** This computer's clock and the network's differ too much. */
  | 'clock_wrong'
  /** The newest document is too old to build packets with. */
  | 'stale';

export type Linked =
  | 'online'
  /** Dialling, greeting, registering, or without a document yet. */
  | 'coming'
  /** Refused, or the own provider is gone: waiting alone does not help. */
  | 'refused'
  | 'clock_wrong'
  | 'stale';

export type NetworkView = { readonly state: NetworkState; readonly sinceMs: number };

export type NetworkMonitor = {
  /** What is told now. */
  readonly look: (nowMs: number, linked: Linked, delivery: Delivery) => NetworkView;
  /** Since when the link stands; null while it does not. */
  readonly onlineSinceMs: () => number | null;
};

/** `startMs`: when the network was joined, on the axis of all the other times. */
export function createNetworkMonitor(startMs: number): NetworkMonitor {
  let view: NetworkView = { state: 'connecting', sinceMs: startMs };
  let onlineSinceMs: number | null = null;
  let withoutSinceMs = startMs;

  const stateOf = (nowMs: number, linked: Linked, delivery: Delivery): NetworkState => {
    if (linked === 'online') return delivery;
    if (linked === 'refused') return 'offline';
    if (linked !== 'coming') return linked;
    const withoutMs = nowMs - withoutSinceMs;
    if (withoutMs >= OFFLINE_AFTER_MS) return 'offline';
    const isFresh = view.state === 'connecting' || view.state === 'offline';
    return withoutMs >= HOLD_MS || isFresh ? 'connecting' : view.state;
  };

  return {
    look: (nowMs, linked, delivery) => {
      if (linked === 'online') onlineSinceMs ??= nowMs;
      else if (onlineSinceMs !== null) {
        onlineSinceMs = null;
        withoutSinceMs = nowMs;
      }
      const state = stateOf(nowMs, linked, delivery);
      if (state !== view.state) {
        // Connecting is told late and counted from when the link was lost.
        view = { state, sinceMs: state === 'connecting' ? withoutSinceMs : nowMs };
      }
      return view;
    },
    onlineSinceMs: () => onlineSinceMs,
  };
}
