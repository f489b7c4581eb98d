// Documents held and fetched: which ones are taken, which serve an epoch, and a fetch that meets
// every kind of source. Sources are played here; the documents are real.
import { describe, expect, it } from 'vitest';
import { createDocumentFetch, PART_MS_MAX } from '../../../main/mixnet/document-fetch.ts';
import { createDocuments } from '../../../main/mixnet/documents.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { encodeDocumentBody } from '../../../shared/network/document.ts';
import {
  DOCUMENT_NEWEST,
  type DocumentAnswer,
  type DocumentRequest,
  noDocument,
} from '../../../shared/network/frames.ts';
import { at, memoryDocumentStore } from '../../support/mix.ts';
import { makeBody, makeNetwork, makeTopology, signBody } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

const made = makeNetwork({ providers: 4, mixes: 3 });
const { times } = makeTopology(made);
const documentOf = (epoch: number) => signBody(made, makeBody(made, { epoch }));
const [zero, one, two] = [documentOf(0), documentOf(1), documentOf(2)];
const isAllowed = () => true;
const held = (...documents: Uint8Array[]) => {
  const store = memoryDocumentStore(documents);
  return createDocuments({ engine: nobleEngine, network: made.network, store, isAllowed }, at(0));
};

describe('documents', () => {
  it('are taken once, kept over a restart, and given up when past', () => {
    const store = memoryDocumentStore();
    const options = { engine: nobleEngine, network: made.network, store, isAllowed };
    const documents = createDocuments(options, at(0));
    expect(documents.accept(zero, at(0))).toBe('accepted');
    expect(documents.accept(zero, at(0))).toBe('known');
    expect(documents.accept(zero.subarray(1), at(0))).toBe('document_malformed');
    const again = createDocuments(options, at(0));
    expect(again.newest()?.topology.epoch).toBe(0);
    again.prune(at(3 * times.epochMs - 1));
    expect(again.held(0)).not.toBeNull();
    again.prune(at(3 * times.epochMs));
    expect(again.held(0)).toBeNull();
    expect(store.load()).toEqual([]);
  });

  it('of one epoch that differ are a conflict, and the first stays', () => {
    const documents = held(zero);
    const body = { ...makeBody(made), layerRandom: new Uint8Array(32).fill(6) };
    const before = documents.newest()?.topology.hash;
    expect(documents.accept(signBody(made, body), at(0))).toBe('conflict');
    expect(documents.newest()?.topology.hash).toEqual(before);
    expect(encodeDocumentBody(body)).not.toEqual(encodeDocumentBody(makeBody(made)));
  });

  it('from the past and the far future are told apart from all others', () => {
    const documents = held();
    expect(documents.accept(zero, at(3 * times.epochMs))).toBe('past');
    expect(documents.accept(two, at(-times.epochMs))).toBe('future');
    expect(documents.accept(one, at(0))).toBe('accepted');
  });

  it('serve their epoch, and the two after it where there is none', () => {
    const documents = held(zero, two);
    const serving = [0, 1, 2, 3, 4, 5].map((epoch) => documents.topologyFor(epoch)?.epoch);
    expect(serving).toEqual([0, 0, 2, 2, 2, undefined]);
  });

  it('of another traffic are not taken', () => {
    const options = { engine: nobleEngine, network: made.network, isAllowed: () => false };
    const documents = createDocuments({ ...options, store: memoryDocumentStore() }, at(0));
    expect(documents.accept(zero, at(0))).toBe('wrong_traffic');
  });
});

describe('a fetch', () => {
  const source = held(zero, one);
  const open = (sources: `node:${string}`[] = ['node:aa']) => {
    const documents = held();
    const random = seededRandom('fetch');
    const fetch = createDocumentFetch(
      { documents, times: () => times, random, sources: () => sources },
      at(0),
    );
    return { documents, fetch };
  };
  /** Wakes until it asks; the request and when. */
  const untilAsked = ({ fetch }: ReturnType<typeof open>, untilMs: number) => {
    for (
      let ms = fetch.nextWakeAtMs() ?? Infinity;
      ms <= untilMs;
      ms = fetch.nextWakeAtMs() ?? Infinity
    ) {
      const { ask } = fetch.wake(at(ms));
      if (ask !== null) return { ...ask, ms };
    }
    return null;
  };
  /** Answers until the fetch ends. */
  const serve = (
    one: ReturnType<typeof open>,
    first: DocumentRequest,
    ms: number,
    answerTo: (request: DocumentRequest) => DocumentAnswer = source.answer,
  ) => {
    let request: DocumentRequest | undefined = first;
    let parts = 0;
    for (;;) {
      if (request === undefined) throw new Error('a fetch ends with an outcome');
      const step = one.fetch.receive('node:aa', answerTo(request), at(ms));
      parts += 1;
      if (step.outcome !== null) return { outcome: step.outcome, parts };
      request = step.ask?.request;
    }
  };

  it('takes this epoch’s document at once, in parts, and the next one in the second half', () => {
    const one = open();
    const asked = untilAsked(one, 0);
    expect(asked?.request).toEqual({ kind: 'document-request', epoch: 0, part: 0 });
    if (asked === null) return;
    expect(serve(one, asked.request, asked.ms)).toEqual({ outcome: 'accepted', parts: 2 });
    const next = untilAsked(one, times.epochMs);
    expect(next?.request.epoch).toBe(1);
    if (next === null) return;
    expect(next.ms / times.epochMs).toBeGreaterThan(0.55);
    expect(next.ms / times.epochMs).toBeLessThan(0.9);
    expect(serve(one, next.request, next.ms).outcome).toBe('accepted');
    expect(untilAsked(one, times.epochMs - 1)).toBeNull();
  });

  it('without this epoch’s takes the newest there is, and asks on for this one’s', () => {
    const one = open();
    const late = at(2 * times.epochMs);
    one.fetch.wake(late);
    one.fetch.receive('node:aa', noDocument({ kind: 'document-request', epoch: 2, part: 0 }), late);
    const asked = untilAsked({ ...one }, 4 * times.epochMs);
    expect(asked?.request.epoch).toBe(DOCUMENT_NEWEST);
    if (asked === null) return;
    expect(serve(one, asked.request, asked.ms).outcome).toBe('accepted');
    expect(one.documents.newest()?.topology.epoch).toBe(1);
    expect(untilAsked(one, asked.ms + times.epochMs / 2)?.request.epoch).toBe(2);
  });

  it('gives up a silent source and a link that is gone, and asks again', () => {
    const one = open();
    const asked = untilAsked(one, 0);
    expect(one.fetch.wake(at(PART_MS_MAX - 1))).toEqual({ ask: null, outcome: null });
    expect(one.fetch.wake(at(PART_MS_MAX)).outcome).toBe('no_document');
    expect(asked?.ms).toBe(0);
    const again = untilAsked(one, 2 * PART_MS_MAX);
    expect(again).not.toBeNull();
    one.fetch.linkDown('node:aa', at(again?.ms ?? 0));
    expect(untilAsked(one, 3 * PART_MS_MAX)?.request.part).toBe(0);
  });

  it('ends at a part that does not belong, and passes over what nobody asked for', () => {
    const change: ((answer: DocumentAnswer) => DocumentAnswer)[] = [
      (answer) => ({ ...answer, part: answer.part + 1 }),
      (answer) => ({ ...answer, epoch: 1 }),
      (answer) => ({ ...answer, documentSize: 0xffffffff }),
      (answer) => (answer.part === 0 ? answer : { ...answer, hash: new Uint8Array(32) }),
    ];
    for (const altered of change) {
      const one = open();
      const asked = untilAsked(one, 0);
      if (asked === null) throw new Error('a fetch asks at once');
      const outcome = serve(one, asked.request, 0, (request) => altered(source.answer(request)));
      expect(outcome.outcome).toBe('bad_part');
      const answer = source.answer(asked.request);
      expect(one.fetch.receive('node:bb', answer, at(1))).toEqual({ ask: null, outcome: null });
      expect(one.documents.newest()).toBeNull();
    }
  });

  it('asks nobody where nobody is linked', () => {
    expect(untilAsked(open([]), 5_000)).toBeNull();
  });
});
