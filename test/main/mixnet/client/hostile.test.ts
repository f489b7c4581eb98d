// What a hostile provider, or anybody who can write to its link, sends: counted by reason, answered
// with nothing, and never a throw; the client goes on as before.
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
  type ClientEffect,
  createClient,
  FRAMES_MAX,
} from '../../../../main/mixnet/client/client.ts';
import { HELLO_DELAY_MS_MAX } from '../../../../main/mixnet/client/directory.ts';
import { createClientStore } from '../../../../main/store/client-store.ts';
import { openDatabase } from '../../../../main/store/database.ts';
import { profileMigrations } from '../../../../main/store/migrations.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { DOCUMENT_PART_SIZE } from '../../../../shared/network/frame-sizes.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../../../shared/network/frames.ts';
import { networkHash } from '../../../../shared/network/network-file.ts';
import { nodePeer } from '../../../../shared/network/topology.ts';
import { drawBelow, drawBytes } from '../../../../shared/random.ts';
import { createSphinx } from '../../../../shared/sphinx/packet.ts';
import { addressOf, ClientRun } from '../../../support/client-run.ts';
import { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { makeBody, makeNetwork, signBody, TEST_EPOCH0 } from '../../../support/network.ts';
import { seededRandom } from '../../../support/random.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

function online() {
  const folder = memoryFolder();
  const world = new ClientWorld({ engine, seed: 'hostile', folder, traffic: 'demo' });
  const alice = new ClientRun(world, { name: 'alice', folder });
  world.run(5_000);
  return { world, alice };
}
const K = 2;

/** The serial of a pull that leaves now and is not answered yet. */
function freshSerial(world: ClientWorld, run: ClientRun): number {
  const before = run.pulls.length;
  while (run.pulls.length === before) world.run(1);
  const decoded = decodeFrame(run.pulls.at(-1)?.frame ?? new Uint8Array(0), K);
  if (!decoded.ok || decoded.frame.kind !== 'pull-request') throw new Error('a pull has left');
  return decoded.frame.serial;
}

describe('a client whose provider is hostile', () => {
  it('takes ten thousand garbled frames and goes on', () => {
    const { world, alice } = online();
    const random = seededRandom('garbage');
    const sizes = [1, 2, 100, 2_416, 115, 137, 5_498];
    for (let index = 0; index < 10_000; index++) {
      const size = sizes[drawBelow(random, sizes.length)] ?? 1;
      const frame = drawBytes(random, size);
      frame[0] = drawBelow(random, 12);
      if (index % 2 === 0) frame[1] = 1;
      alice.inject(frame);
      if (index % 50 === 49) world.run(20);
    }
    const { events } = alice.role.counters();
    expect(events.frame_kind + events.frame_version + events.frame_size).toBeGreaterThan(1_000);
    world.run(10_000);
    expect(alice.role.status().state).toBe('online');
    const ref = alice.send(addressOf(alice), new Uint8Array(10));
    world.run(10_000);
    expect(alice.states(alice.idOf(ref) ?? 0).at(-1)).toBe('at_provider');
    expect(alice.received.length).toBe(1);
  });

  it('holds so many frames of a flood and no more', () => {
    const { world, alice } = online();
    for (let index = 0; index < FRAMES_MAX; index++) alice.inject(new Uint8Array(10));
    expect(alice.role.counters().events.frames_full).toBe(0);
    for (let index = 0; index < 5_000; index++) alice.inject(new Uint8Array(10));
    expect(alice.role.counters().events.frames_full).toBe(5_000);
    world.run(5_000);
    expect(alice.role.status().state).toBe('online');
  });

  it('believes no forged acknowledgement, and a true one once', () => {
    const { world, alice } = online();
    const random = seededRandom('forged');
    const ref = alice.send(
      { ...addressOf(alice), mailbox: new Uint8Array(16).fill(1) },
      drawBytes(random, 50),
    );
    world.run(3_000);
    const id = alice.idOf(ref) ?? 0;
    expect(alice.role.progress(id)?.state).toBe('in_mix');
    const answer = (serial: number): Frame => ({
      kind: 'pull-answer',
      serial,
      isOtherCopySeen: false,
      isTokenRefused: false,
      tokenCommandNumber: 0,
      mailBacklog: 0,
      acknowledgementBacklog: 16,
      mails: [],
      acknowledgements: Array.from({ length: 16 }, (_, index) => ({
        sequence: 1_000_000 + index,
        identifier: drawBytes(random, 16),
        arrivedUnixMs: 1,
      })),
    });
    const inject = (frame: Frame) => alice.inject(encodeFrame(frame, K));
    const serial = freshSerial(world, alice);
    inject(answer(serial));
    inject(answer(serial));
    inject(answer(4_000_000_000));
    world.run(100);
    const { events } = alice.role.counters();
    expect(events.acknowledgement_unknown).toBe(16);
    // The second one, the one with a serial of nobody's, and the true answer that came too late.
    expect(events.answer_unexpected).toBe(3);
    expect(alice.role.progress(id)?.state).toBe('in_mix');
    // What it claimed to be acknowledged is asked for again: the true provider counts lower.
    const again = alice.send(addressOf(alice), drawBytes(random, 50));
    world.run(20_000);
    expect(alice.states(alice.idOf(again) ?? 0).at(-1)).toBe('at_provider');
  });

  it('tells of another copy that pulls, and of another document', () => {
    const { world, alice } = online();
    const { topology } = world;
    alice.inject(
      encodeFrame(
        {
          kind: 'pull-answer',
          serial: freshSerial(world, alice),
          isOtherCopySeen: true,
          isTokenRefused: false,
          tokenCommandNumber: 0,
          mailBacklog: 0,
          acknowledgementBacklog: 0,
          mails: [],
          acknowledgements: [],
        },
        K,
      ),
    );
    alice.inject(
      encodeFrame(
        {
          kind: 'hello',
          protocolVersion: 1,
          networkHash: topology.networkHash,
          epoch: 0,
          documentHash: new Uint8Array(32).fill(1),
          challenge: new Uint8Array(32),
          unixMs: Math.floor(world.now.unixMs),
        },
        K,
      ),
    );
    world.run(100);
    const alarms = alice.told.flatMap((one) => (one.kind === 'alarm' ? [one.reason] : []));
    expect(alarms).toContain('other_document');
    expect(alarms).toContain('other_copy');
  });
});

describe('a client that asks for its first document', () => {
  /** A role without a document, linked with an authority that it asks. */
  function asking() {
    const made = makeNetwork({ engine });
    const file = path.join(memoryFolder(), 'profile.db');
    const key = new Uint8Array(32).fill(1);
    const db = openDatabase({ file, key, migrations: profileMigrations });
    const state = { ms: 0 };
    const now = () => ({ monotonicMs: state.ms, unixMs: TEST_EPOCH0 + Math.floor(state.ms) });
    const instants = { payload: 1, loop: 2, drop: 3, pull: 4 };
    const client: Client = createClient(
      {
        engine,
        sphinx: createSphinx(engine),
        random: seededRandom('asking'),
        instants: {
          payload: seededRandom(instants.payload),
          loop: seededRandom(instants.loop),
          drop: seededRandom(instants.drop),
          pull: seededRandom(instants.pull),
        },
        network: made.network,
        store: createClientStore(db, { unixMs: () => now().unixMs }),
      },
      now(),
    );
    const authority = nodePeer(made.network.authorities[0]?.key ?? new Uint8Array(32));
    const effects: ClientEffect[] = [];
    const wake = (ms: number) => {
      const endMs = state.ms + ms;
      for (let at = client.nextWakeAt() ?? Infinity; at <= endMs; ) {
        state.ms = Math.max(state.ms, at);
        effects.push(...client.wake(now()));
        at = client.nextWakeAt() ?? Infinity;
      }
      state.ms = endMs;
    };
    const give = (frame: Frame) => {
      const bytes = encodeFrame(frame, 2);
      effects.push(...client.receive({ kind: 'frame', peer: authority, frame: bytes }, now()));
    };
    effects.push(...client.receive({ kind: 'link-up', peer: authority }, now()));
    wake(1_000);
    return { made, client, give, wake, effects };
  }

  it('is linked with authorities until it has one, and with its provider after it', () => {
    const { made, client, give, wake, effects } = asking();
    const linked = () => effects.findLast((effect) => effect.kind === 'neighbours');
    expect(linked()?.neighbours.map(({ peer }) => peer)).toEqual([
      nodePeer(made.network.authorities[0]?.key ?? new Uint8Array(32)),
    ]);
    const bytes = signBody(made, makeBody(made, { traffic: 'demo' }));
    const size = DOCUMENT_PART_SIZE;
    for (let part = 0; part * size < bytes.length; part++) {
      const hash = new Uint8Array(32).fill(1);
      const piece = bytes.subarray(part * size, (part + 1) * size);
      const whole = { epoch: 0, hash, documentSize: bytes.length };
      give({ kind: 'document-answer', ...whole, part, bytes: piece });
      wake(10);
    }
    expect(client.counters().events.document_accepted).toBe(1);
    const neighbours = linked()?.neighbours ?? [];
    expect(neighbours.length).toBe(1);
    expect(
      made.nodes.some(
        ({ kind, identity }) =>
          kind === 'provider' && nodePeer(identity.publicKey) === neighbours[0]?.peer,
      ),
    ).toBe(true);
    expect(client.status().state).toBe('connecting');
  });

  it('refuses one of a hundred thousand nodes before it reads it', () => {
    const { client, give, wake } = asking();
    const documentSize = 100_000 * 400;
    const hash = new Uint8Array(32);
    give({
      kind: 'document-answer',
      epoch: 0,
      hash,
      documentSize,
      part: 0,
      bytes: new Uint8Array(DOCUMENT_PART_SIZE),
    });
    wake(10);
    expect(client.counters().events.document_refused).toBe(1);
    expect(client.status().state).toBe('no_document');
  });

  it.each([
    ['a hello that was on its way for ten seconds', -(120_000 + HELLO_DELAY_MS_MAX - 3_000), false],
    ['a clock that is behind by more', -(120_000 + HELLO_DELAY_MS_MAX + 3_000), true],
    ['a clock that is ahead, which no delay explains', 123_000, true],
  ])('tells a late word from a wrong clock: %s', (_name, aheadMs, isWrong) => {
    const { made, client, give, wake } = asking();
    give({
      kind: 'hello',
      protocolVersion: 1,
      networkHash: networkHash(engine, made.network),
      epoch: 0,
      documentHash: new Uint8Array(32),
      challenge: new Uint8Array(32),
      unixMs: TEST_EPOCH0 + aheadMs,
    });
    wake(10);
    expect(client.status().state === 'clock_wrong').toBe(isWrong);
  });

  it('names the clock before it has any document', () => {
    const { made, client, give, wake, effects } = asking();
    give({
      kind: 'hello',
      protocolVersion: 1,
      networkHash: networkHash(engine, made.network),
      epoch: 0,
      documentHash: new Uint8Array(32),
      challenge: new Uint8Array(32),
      unixMs: TEST_EPOCH0 + 24 * 3_600_000,
    });
    wake(10);
    expect(client.status().state).toBe('clock_wrong');
    expect(effects.some((one) => one.kind === 'status' && one.status.state === 'clock_wrong')).toBe(
      true,
    );
  });
});
