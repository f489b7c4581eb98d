// Something that a user does and the engine has to carry out: under way, refused, and why.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FailureCode } from '../../shared/api.ts';
import { CallError } from '../api.ts';
import type { Key } from '../strings/catalogue.ts';

export type FailureKey = Extract<Key, `failed.${string}`>;

const told: { readonly [C in FailureCode]?: FailureKey } = {
  engine_unavailable: 'failed.engine_unavailable',
  busy: 'failed.busy',
  store_full: 'failed.store_full',
  store_failed: 'failed.store_failed',
  locked: 'failed.locked',
  no_network: 'failed.no_network',
  codes_full: 'failed.codes_full',
  contacts_full: 'failed.contacts_full',
  bad_name: 'failed.bad_name',
  bad_avatar: 'failed.bad_avatar',
  unknown_contact: 'failed.unknown_contact',
  unknown_code: 'failed.unknown_code',
  not_accepted: 'failed.not_accepted',
  wrong_passphrase: 'failed.wrong_passphrase',
  no_passphrase: 'failed.no_passphrase',
  no_keychain: 'failed.no_keychain',
  joined_already: 'failed.joined_already',
};

/** The words for what a call threw: what is wrong, that nothing changed, what to do. */
export function failureKey(failure: unknown): FailureKey {
  return (failure instanceof CallError ? told[failure.code] : undefined) ?? 'failed.other';
}

export type Act = {
  readonly isBusy: boolean;
  /** What the last try threw; null while one is under way and after one that went well. */
  readonly failure: unknown;
  /** Starts it; a second while one is under way is left out. */
  readonly run: (work: () => Promise<unknown>) => void;
  readonly forget: () => void;
};

export function useAct(): Act {
  const [state, setState] = useState<{ isBusy: boolean; failure: unknown }>({
    isBusy: false,
    failure: null,
  });
  const isBusy = useRef(false);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const run = useCallback((work: () => Promise<unknown>) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setState({ isBusy: true, failure: null });
    const end = (failure: unknown) => {
      isBusy.current = false;
      if (isHere.current) setState({ isBusy: false, failure });
    };
    work().then(() => end(null), end);
  }, []);
  const forget = useCallback(() => setState((now) => ({ ...now, failure: null })), []);
  return { ...state, run, forget };
}
