// The state of the network as the one icon that stands before its words, in the sidebar and on the
// health page.
import {
  CalendarX,
  CircleDashed,
  ClockAlert,
  Hourglass,
  type LucideIcon,
  OctagonAlert,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { Health } from '../../shared/api-health.ts';
import { Mark } from './mark.tsx';
import './network-icon.css';

export const networkStates = [
  'none',
  'good',
  'measuring',
  'connecting',
  'slow',
  'degraded',
  'failing',
  'offline',
  'clock_wrong',
  'directory_stale',
] as const;
export type NetworkState = (typeof networkStates)[number];

const icons: Readonly<Partial<Record<NetworkState, LucideIcon>>> = {
  none: CircleDashed,
  slow: Hourglass,
  degraded: TriangleAlert,
  failing: OctagonAlert,
  offline: Unplug,
  clock_wrong: ClockAlert,
  directory_stale: CalendarX,
};

/** The icon of a state of the contract. */
export function iconState(state: Health['state']): NetworkState {
  return state === 'stale' ? 'directory_stale' : state;
}

export function NetworkIcon(props: { readonly state: NetworkState; readonly size?: number }) {
  const { state, size = 18 } = props;
  const Drawing = icons[state];
  const awaited = state === 'connecting' || state === 'measuring';
  return (
    <span className={`network-icon network-${state}`}>
      {Drawing === undefined ? (
        <Mark size={size} active={awaited} />
      ) : (
        <Drawing size={size - 2} strokeWidth={1.75} aria-hidden="true" />
      )}
    </span>
  );
}
