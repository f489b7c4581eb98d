// The ten delivery states as glyphs on one grid of 16 units (the design's table). The story reads
// by shape: no packet yet, packet on the loop, packet arrived in the ring, tick, solid tick. The
// words stand beside the glyph or are its name; a glyph is used for nothing else.
import { type ReactNode, useId } from 'react';
import './delivery-glyph.css';

export const deliveryStates = [
  'queued',
  'in_the_mix',
  'at_provider',
  'delivered',
  'read',
  'waiting',
  'retrying',
  'not_confirmed',
  'expired',
  'failed',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export type DeliveryGlyphProps = {
  readonly state: DeliveryState;
  /** px: 16 in bubbles, 14 in the list, 24 in details. */
  readonly size?: 14 | 16 | 24;
  /** Its name for a screen reader; left out where words stand beside it. */
  readonly words?: string;
};

const ring = <circle cx="8" cy="8" r="5.5" />;

const strokes: Readonly<Partial<Record<DeliveryState, ReactNode>>> = {
  queued: <circle cx="8" cy="8" r="5.5" strokeDasharray="2.15 2.17" strokeLinecap="butt" />,
  in_the_mix: (
    <>
      <path d="M8 2.5A5.5 5.5 0 1 1 2.5 8" />
      <circle cx="4.2" cy="4.2" r="1.55" className="glyph-packet" />
    </>
  ),
  at_provider: (
    <>
      {ring}
      <circle cx="8" cy="8" r="2.1" className="glyph-packet" />
    </>
  ),
  delivered: (
    <>
      {ring}
      <path d="M5.5 8.2l1.75 1.75L10.6 6.3" />
    </>
  ),
  waiting: (
    <>
      {ring}
      <path d="M6.6 6.1v3.8M9.4 6.1v3.8" />
    </>
  ),
  retrying: (
    <>
      <path d="M4.1 4.1A5.5 5.5 0 0 1 13.3 6.5M11.9 11.9A5.5 5.5 0 0 1 2.7 9.5" />
      <circle cx="13.4" cy="8.6" r="1.45" className="glyph-packet" />
      <circle cx="2.6" cy="7.4" r="1.45" className="glyph-packet" />
    </>
  ),
  not_confirmed: (
    <>
      <path d="M10.4 3.05A5.5 5.5 0 1 1 5.6 3.05" />
      <path d="M6.5 6.6a1.55 1.55 0 1 1 2.4 1.3c-.6.4-.9.7-.9 1.2" strokeWidth="1.35" />
      <circle cx="8" cy="10.9" r="0.85" className="glyph-packet" />
    </>
  ),
  expired: (
    <>
      {ring}
      <path d="M4.3 11.7l7.4-7.4" />
    </>
  ),
};

export function DeliveryGlyph(props: DeliveryGlyphProps) {
  const size = props.size ?? 16;
  const named = props.words !== undefined;
  return (
    <svg
      className={`glyph glyph-${props.state}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role={named ? 'img' : undefined}
      aria-label={props.words}
      aria-hidden={named ? undefined : true}
    >
      {strokes[props.state] ?? <CutOut state={props.state} />}
    </svg>
  );
}

/** Read and failed: filled, with the sign as a real hole, so that it holds on any ground. */
function CutOut({ state }: { readonly state: DeliveryState }) {
  const maskId = useId();
  const hole =
    state === 'read' ? (
      <path d="M5.3 8.2l1.9 1.9L10.8 6.2" className="glyph-hole" />
    ) : (
      <path d="M8 6v3.3M8 11.65v.01" className="glyph-hole" />
    );
  return (
    <>
      <mask id={maskId} maskUnits="userSpaceOnUse" x="0" y="0" width="16" height="16">
        <rect width="16" height="16" fill="white" />
        {hole}
      </mask>
      {state === 'read' ? (
        <circle cx="8" cy="8" r="6.25" className="glyph-solid" mask={`url(#${maskId})`} />
      ) : (
        <path
          d="M8 2.9L14 13.2H2Z"
          className="glyph-solid glyph-triangle"
          mask={`url(#${maskId})`}
        />
      )}
    </>
  );
}
