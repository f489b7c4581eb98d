// What links count: frames both ways, and every end of a link under one reason of a closed union.
// Numbers alone; no address and no key.

/** Why a link, or the attempt at one, ended. */
export const LINK_CLOSE_REASONS = [
  /** Nothing answered at the address. */
  'unreachable',
  /** The SOCKS proxy answered wrongly or refused. */
  'proxy',
  /** TLS went wrong: another version, garbage, a failed handshake. */
  'protocol',
  /** The handshake was not done in time. */
  'handshake-slow',
  /** The other end's key is not the pinned one. */
  'wrong-key',
  /** A certificate of a known node is needed here and was not shown. */
  'stranger',
  /** As many links as there may be, in all or from this address. */
  'too-many',
  /** The first byte of a frame names no kind. */
  'frame-unknown',
  /** A frame was begun and not finished in time. */
  'frame-slow',
  /** The connection ended inside a frame. */
  'frame-cut',
  /** More bytes than the other end may send. */
  'flood',
  /** The other end does not read: the send queue is full for too long. */
  'not-reading',
  /** No byte, not even an alive frame, for too long. */
  'silent',
  /** Alive, but without the cover that must flow here. */
  'no-cover',
  /** The other end closed between two frames. */
  'ended',
  /** The connection broke. */
  'reset',
  /** A newer link of the same node took its place, or is to, now that the node is known. */
  'replaced',
  /** The node is no neighbour any more. */
  'not-neighbour',
  /** The role asked for it. */
  'asked',
  /** This process ends. */
  'shutdown',
] as const;
export type LinkCloseReason = (typeof LINK_CLOSE_REASONS)[number];

/** What became of a frame that was handed over. A partly written one counts as sent. */
export type SendOutcome = 'sent' | 'no-link' | 'queue-full';

export class LinkCounters {
  framesReceived = 0;
  bytesReceived = 0;
  framesSent = 0;
  framesWithoutLink = 0;
  framesQueueFull = 0;
  /** Taken over, and not begun or not done when the link ended. */
  framesCutOff = 0;
  linksOpened = 0;
  readonly closed: Record<LinkCloseReason, number> = noneClosed();

  /** Flat, for a metrics page. */
  all(): Readonly<Record<string, number>> {
    const flat: Record<string, number> = {
      link_frames_received: this.framesReceived,
      link_bytes_received: this.bytesReceived,
      link_frames_sent: this.framesSent,
      link_frames_lost_no_link: this.framesWithoutLink,
      link_frames_lost_queue_full: this.framesQueueFull,
      link_frames_lost_cut_off: this.framesCutOff,
      link_opened: this.linksOpened,
    };
    for (const reason of LINK_CLOSE_REASONS) {
      flat[`link_closed_${reason.replaceAll('-', '_')}`] = this.closed[reason];
    }
    return flat;
  }
}

function noneClosed(): Record<LinkCloseReason, number> {
  const none: Partial<Record<LinkCloseReason, number>> = {};
  for (const reason of LINK_CLOSE_REASONS) none[reason] = 0;
  return none as Record<LinkCloseReason, number>;
}
