// The session with the engine, by context: what every view knows, and the way to ask for more.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Api } from '../api.ts';
import { type Span, spanOf } from '../chat/delivery.ts';
import type { HealthKnown } from './health.ts';
import type { Projection, Session } from './projection.ts';
import { useStore } from './store.ts';

const SessionContext = createContext<Session | null>(null);

export function SessionProvider(props: {
  readonly session: Session;
  readonly children: ReactNode;
}) {
  return <SessionContext value={props.session}>{props.children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('must hold: a view stands inside the session');
  return session;
}

/** The door to the engine, for what a view asks and does itself. */
export function useApi(): Api {
  return useSession().api;
}

/** What `select` gives of the projection, now and after every change of it. */
export function useKnown<S>(select: (known: Projection) => S): S {
  return useStore(useSession().store, select);
}

/** What `select` gives of the newest health; while a view uses it, the engine is asked. */
export function useHealth<S>(select: (known: HealthKnown) => S): S {
  return useStore(useSession().health, select);
}

/** What delivery usually takes now, in whole seconds; drawn again only when these change. */
export function useUsual(): Span | null {
  const from = useHealth(({ health }) => spanOf(health?.usual ?? null)?.fromSeconds ?? null);
  const to = useHealth(({ health }) => spanOf(health?.usual ?? null)?.toSeconds ?? null);
  return useMemo(
    () => (from === null || to === null ? null : { fromSeconds: from, toSeconds: to }),
    [from, to],
  );
}
