// Batches between a node's thread and its unwrap workers: records of one size in one buffer that is
// handed over whole. The worker writes each result where its job was. Both ends are this program,
// of one build.
import { assert } from '../../shared/assert.ts';
import { PACKET_SIZE, PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { SPHINX_REFUSALS } from '../../shared/sphinx/packet.ts';
import type { UnwrapJob, UnwrappedInput } from '../mixnet/unwrap-step.ts';

/** Records of a batch at most: what one read of a link brings. 80 kB. */
export const BATCH_RECORDS_MAX = 32;

// Offsets in a record. A job has ticket, epoch and packet; a result has the rest in their place.
const TICKET = 0;
const EPOCH = 4;
const OUTCOME = 4;
const HAS_TAG = 5;
const DELAY = 8;
const VERSION = 16;
const TAG = 20;
const ADDRESS = 52;
const IDENTIFIER = 84;
const IDENTIFIER_SIZE = 16;
const BODY = 100;
const RECORD_SIZE = BODY + PACKET_SIZE;
export const BATCH_SIZE = BATCH_RECORDS_MAX * RECORD_SIZE;

// Outcomes; a refusal is `REFUSED` and the place of its reason.
const FORWARD = 0;
const FINAL = 1;
const LOST = 2;
const REFUSED = 3;

/** One batch, in a buffer of `BATCH_SIZE`. A packet of another size is a bug. */
export class UnwrapBatch {
  readonly buffer: ArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(buffer: ArrayBuffer = new ArrayBuffer(BATCH_SIZE)) {
    assert(buffer.byteLength === BATCH_SIZE, 'a batch has one size');
    this.buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  putJob(index: number, { ticket, epoch, packet }: UnwrapJob): void {
    assert(packet.length === PACKET_SIZE, 'a frame brings whole packets');
    const at = index * RECORD_SIZE;
    this.#view.setUint32(at + TICKET, ticket);
    this.#view.setInt32(at + EPOCH, epoch);
    this.#bytes.set(packet, at + BODY);
  }

  /** The packet is a view. */
  job(index: number): UnwrapJob {
    const at = index * RECORD_SIZE;
    return {
      ticket: this.#view.getUint32(at + TICKET),
      epoch: this.#view.getInt32(at + EPOCH),
      packet: this.#bytes.subarray(at + BODY, at + BODY + PACKET_SIZE),
    };
  }

  /** Overwrites the job; the ticket stays. */
  putResult(index: number, { replayTag, outcome }: Omit<UnwrappedInput, 'kind' | 'ticket'>): void {
    const at = index * RECORD_SIZE;
    const view = this.#view;
    view.setUint8(at + HAS_TAG, replayTag === null ? 0 : 1);
    if (replayTag !== null) this.#bytes.set(replayTag, at + TAG);
    if (outcome.kind === 'lost') view.setUint8(at + OUTCOME, LOST);
    else if (outcome.kind === 'refused') {
      view.setUint8(at + OUTCOME, REFUSED + SPHINX_REFUSALS.indexOf(outcome.reason));
    } else {
      view.setUint8(at + OUTCOME, outcome.kind === 'forward' ? FORWARD : FINAL);
      view.setUint32(at + VERSION, outcome.version);
      if (outcome.kind === 'forward') {
        view.setBigUint64(at + DELAY, outcome.delayNs);
        this.#bytes.set(outcome.nextAddress, at + ADDRESS);
        this.#bytes.set(outcome.packet, at + BODY);
      } else {
        this.#bytes.set(outcome.destination, at + ADDRESS);
        this.#bytes.set(outcome.identifier, at + IDENTIFIER);
        this.#bytes.set(outcome.payload, at + BODY);
      }
    }
  }

  /** Byte strings are copies: the buffer is used again. */
  result(index: number): UnwrappedInput {
    const at = index * RECORD_SIZE;
    const replayTag = this.#view.getUint8(at + HAS_TAG) === 0 ? null : this.#copy(at + TAG, 32);
    const ticket = this.#view.getUint32(at + TICKET);
    return { kind: 'unwrapped', ticket, replayTag, outcome: this.#outcome(at) };
  }

  #outcome(at: number): UnwrappedInput['outcome'] {
    const outcome = this.#view.getUint8(at + OUTCOME);
    if (outcome === LOST) return { kind: 'lost' };
    const reason = SPHINX_REFUSALS[outcome - REFUSED];
    if (reason !== undefined) return { kind: 'refused', reason };
    assert(outcome === FORWARD || outcome === FINAL, 'an outcome of this build');
    const version = this.#view.getUint32(at + VERSION);
    const replayTag = this.#copy(at + TAG, 32);
    if (outcome === FORWARD) {
      return {
        kind: 'forward',
        version,
        replayTag,
        nextAddress: this.#copy(at + ADDRESS, 32),
        delayNs: this.#view.getBigUint64(at + DELAY),
        packet: this.#copy(at + BODY, PACKET_SIZE),
      };
    }
    return {
      kind: 'final',
      version,
      replayTag,
      destination: this.#copy(at + ADDRESS, 32),
      identifier: this.#copy(at + IDENTIFIER, IDENTIFIER_SIZE),
      payload: this.#copy(at + BODY, PAYLOAD_SIZE),
    };
  }

  #copy(at: number, size: number): Uint8Array {
    return this.#bytes.slice(at, at + size);
  }
}

/** What the node's thread says. Keys are in shared memory, so that wiping them wipes them there. */
export type ToUnwrapWorker =
  | { readonly kind: 'key'; readonly epoch: number; readonly key: SharedArrayBuffer }
  | { readonly kind: 'key-gone'; readonly epoch: number }
  | UnwrapBatchMessage;

export type UnwrapBatchMessage = {
  readonly kind: 'batch';
  readonly buffer: ArrayBuffer;
  readonly count: number;
};

/** What a worker says: once that it is there, then each batch as it came, with results. */
export type FromUnwrapWorker = { readonly kind: 'ready' } | UnwrapBatchMessage;
