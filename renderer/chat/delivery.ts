// What is known of a message's way, and its words: under the last own message, and as the name of
// its glyph everywhere else (the design's table of delivery states).
import type { MessageDelivery } from '../../shared/api-chat.ts';
import type { Health } from '../../shared/api-health.ts';
import type { Speech } from '../strings/language.ts';
import type { DeliveryState } from '../ui/delivery-glyph.tsx';

/**
 * Times are wall time, ms since 1970; spans are seconds as measured, null where nothing is known.
 */
export type Delivery =
  | { readonly state: 'queued'; readonly leavesInSeconds: number | null }
  | { readonly state: 'in_the_mix'; readonly atUnixMs: number; readonly usual: Span | null }
  | { readonly state: 'at_provider' | 'delivered' | 'read'; readonly atUnixMs: number }
  | { readonly state: 'waiting' | 'not_confirmed' | 'expired' }
  | { readonly state: 'retrying'; readonly tryCount: number }
  /** `reason` as a sentence goes on with it; `isFinal` where no further try can change it. */
  | { readonly state: 'failed'; readonly reason: string; readonly isFinal: boolean };

export type Span = { readonly fromSeconds: number; readonly toSeconds: number };

/** The engine's word as the window says it; `usual` is what delivery takes now, where measured. */
export function deliveryOf({ text }: Speech, known: MessageDelivery, usual: Span | null): Delivery {
  const { state, atUnixMs, leavesInMs } = known;
  switch (state) {
    case 'queued':
      return { state, leavesInSeconds: leavesInMs === null ? null : secondsOf(leavesInMs) };
    case 'in_the_mix':
      return { state, atUnixMs, usual };
    case 'retrying':
      return { state, tryCount: known.tryCount };
    case 'failed':
      return {
        state,
        reason: text(`delivery.reason.${known.reason ?? 'unknown'}`),
        isFinal: known.reason === 'too_large',
      };
    case 'at_provider':
    case 'delivered':
    case 'read':
      return { state, atUnixMs };
    case 'waiting':
    case 'not_confirmed':
    case 'expired':
      return { state };
  }
}

/** In whole seconds, at least one; null where nothing is measured. */
export function spanOf(usual: Health['usual']): Span | null {
  if (usual === null) return null;
  const fromSeconds = secondsOf(usual.fromMs);
  return { fromSeconds, toSeconds: Math.max(fromSeconds, secondsOf(usual.toMs)) };
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.round(ms / 1_000));
}

/** What a user can do in a state. */
export type DeliveryAction = 'cancel' | 'again';

export function actionOf(delivery: Delivery): DeliveryAction | null {
  const { state } = delivery;
  if (state === 'queued' || state === 'waiting') return 'cancel';
  if (state === 'failed') return delivery.isFinal ? null : 'again';
  return state === 'not_confirmed' || state === 'expired' ? 'again' : null;
}

/** Whether it is not known to have come to the other's provider, so that deleting it stops it. */
export function isUnsettled(state: DeliveryState): boolean {
  return state !== 'at_provider' && state !== 'delivered' && state !== 'read';
}

/** Whether the words stay, whatever the place of the message in the chat. */
export function keepsItsWords(state: DeliveryState): boolean {
  return state === 'failed' || state === 'expired';
}

/** Whether a screen reader is told of the change, politely, for the last own message. */
export function isAnnounced(state: DeliveryState): boolean {
  return state === 'delivered' || state === 'failed' || state === 'expired';
}

/** The words under the last own message to `name`. */
export function deliveryWords({ text, formats }: Speech, delivery: Delivery, name: string): string {
  switch (delivery.state) {
    case 'queued':
      return delivery.leavesInSeconds === null
        ? text('delivery.queued.unknown')
        : text('delivery.queued', { seconds: delivery.leavesInSeconds });
    case 'in_the_mix': {
      const time = formats.time(delivery.atUnixMs);
      if (delivery.usual === null) return text('delivery.in_the_mix.unknown', { time });
      const { fromSeconds, toSeconds } = delivery.usual;
      return text('delivery.in_the_mix', { time, from: fromSeconds, to: toSeconds });
    }
    case 'at_provider':
      return text('delivery.at_provider', { name, time: formats.time(delivery.atUnixMs) });
    case 'delivered':
    case 'read':
      return text(`delivery.${delivery.state}`, { time: formats.time(delivery.atUnixMs) });
    case 'retrying':
      return text('delivery.retrying', { try: delivery.tryCount });
    case 'failed':
      return text('delivery.failed', { reason: delivery.reason });
    case 'waiting':
    case 'not_confirmed':
    case 'expired':
      return text(`delivery.${delivery.state}`);
  }
}

/** The name of the glyph, for whoever does not see it. */
export function deliveryName({ text, formats }: Speech, delivery: Delivery): string {
  switch (delivery.state) {
    case 'queued':
    case 'waiting':
    case 'expired':
      return text(`delivery.${delivery.state}.name`);
    case 'in_the_mix':
    case 'at_provider':
    case 'delivered':
    case 'read':
      return text(`delivery.${delivery.state}.name`, { time: formats.time(delivery.atUnixMs) });
    case 'retrying':
      return text('delivery.retrying', { try: delivery.tryCount });
    case 'not_confirmed':
      return text('delivery.not_confirmed');
    case 'failed':
      return text('delivery.failed', { reason: delivery.reason });
  }
}
