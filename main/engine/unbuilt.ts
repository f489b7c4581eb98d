// Calls of the contract that nobody answers yet. Gone when all are built.
import { chatCalls } from '../../shared/api-chat.ts';
import { peopleCalls } from '../../shared/api-people.ts';
import { profileCalls } from '../../shared/api-profile.ts';
import { CallFailure } from './call-failure.ts';
import type { Handlers } from './engine.ts';

const calls = { ...profileCalls, ...peopleCalls, ...chatCalls };

export function unbuilt(): Pick<Handlers, keyof typeof calls> {
  const refuse = () => {
    throw new CallFailure('internal', 'not built yet');
  };
  const all = Object.keys(calls).map((name) => [name, refuse]);
  return Object.fromEntries(all) as unknown as Pick<Handlers, keyof typeof calls>;
}
