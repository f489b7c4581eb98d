// What a view asks of the engine itself: once when it comes up, and again whenever the engine or
// the way to it has come back, or events were missed.
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { CallArgs, CallName, CallValue } from '../../shared/api.ts';
import { takeEvent } from './projection.ts';
import { useApi } from './session.tsx';

export type Asked<T> = {
  /** Null until the engine has answered. */
  readonly value: T | null;
  /** What the last refusal threw; null where the last answer was none. */
  readonly failure: unknown;
  readonly ask: () => void;
  /** Puts what an event or another call told in place of what was known. */
  readonly put: (change: (known: T) => T) => void;
};

export function useAsked<N extends CallName>(name: N, args: CallArgs<N>): Asked<CallValue<N>> {
  const api = useApi();
  const key = JSON.stringify(args);
  const [known, setKnown] = useState<{ value: CallValue<N> | null; failure: unknown }>({
    value: null,
    failure: null,
  });
  const turn = useRef(0);
  const ask = useCallback(() => {
    turn.current += 1;
    const own = turn.current;
    const isLast = () => own === turn.current;
    api.call(name, JSON.parse(key) as CallArgs<N>).then(
      (value) => isLast() && setKnown({ value, failure: null }),
      (failure: unknown) => isLast() && setKnown((before) => ({ ...before, failure })),
    );
  }, [api, name, key]);
  const put = useCallback((change: (value: CallValue<N>) => CallValue<N>) => {
    setKnown((before) =>
      before.value === null ? before : { value: change(before.value), failure: null },
    );
  }, []);
  useEffect(() => {
    ask();
    return () => {
      turn.current += 1;
    };
  }, [ask]);
  useEffect(() => api.onConnection((connection) => connection === 'open' && ask()), [api, ask]);
  useEvents({ missed: ask, engine: (engine) => engine.state === 'running' && ask() });
  return { ...known, ask, put };
}

/** Hears events while the view is there; `takers` may change from one drawing to the next. */
export function useEvents(takers: Parameters<typeof takeEvent>[1]): void {
  const api = useApi();
  const take = useEffectEvent((frame: Parameters<typeof takeEvent>[0]) => {
    takeEvent(frame, takers);
  });
  useEffect(() => api.listen((frame) => take(frame)), [api]);
}
