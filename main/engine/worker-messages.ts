// What host and worker say to each other beside the frames of the contract.
import * as z from 'zod/mini';
import { engineStateSchema } from '../../shared/api.ts';
import type { KeychainAsk } from './keychain.ts';
import type { DemoNote } from './program.ts';

/** What a worker is started with. */
export const workerDataSchema = z.strictObject({
  profileDir: z.string(),
  version: z.string(),
  nativeBinding: z.optional(z.string()),
  /** A network to join, as its link or the text of its file. */
  network: z.optional(z.string()),
});
export type WorkerData = z.infer<typeof workerDataSchema>;

/** From the worker: the engine runs, or why it does not, or why it does not any more. */
export const startNoteSchema = z.strictObject({ start: engineStateSchema.shape.reason });
export type StartNote = z.infer<typeof startNoteSchema>;

/** From the worker: a question to the system's keychain. */
export const keychainNoteSchema = z.strictObject({
  keychain: z.strictObject({
    id: z.int(),
    op: z.enum(['wrap', 'unwrap', 'find']),
    bytes: z.instanceof(Uint8Array),
  }),
});
export type KeychainNote = { readonly keychain: KeychainAsk };

/**
 * From the host: the frame of a call, so many events were handed on, what is known of the demo
 * network, that there is a keychain, what it answered, or: end.
 */
export type HostMessage =
  | { readonly kind: 'call'; readonly frame: unknown }
  | { readonly kind: 'seen'; readonly count: number }
  | { readonly kind: 'demo'; readonly note: DemoNote }
  | { readonly kind: 'keychain' }
  | { readonly kind: 'keychain-answer'; readonly id: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'close' };
