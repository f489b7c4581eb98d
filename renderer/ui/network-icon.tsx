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

export function NetworkIcon({ state }: { readonly state: NetworkState }) {
  const Drawing = icons[state];
  const awaited = state === 'connecting' || state === 'measuring';
  return (
    <span className={`network-icon network-${state}`}>
      {Drawing === undefined ? (
        <Mark size={18} active={awaited} />
      ) : (
        <Drawing size={16} strokeWidth={1.75} aria-hidden="true" />
      )}
    </span>
  );
}
