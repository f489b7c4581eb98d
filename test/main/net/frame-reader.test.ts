// The frame reader against any cut of a stream, and against kinds that do not exist.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameReader } from '../../../main/net/frame-reader.ts';
import { testFrame, testFrameSizes } from '../../support/links.ts';

it('gives the same frames wherever the stream is cut, and holds at most one unfinished', () => {
  const frames = [testFrame(1), testFrame(2, 1), testFrame(1, 2), testFrame(2, 3)];
  const stream = Uint8Array.from(frames.flatMap((frame) => [...frame]));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
      const reader = new FrameReader(testFrameSizes);
      const read: Uint8Array[] = [];
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      for (const [index, start] of places.entries()) {
        const isSound = reader.push(stream.subarray(start, places[index + 1] ?? start), (frame) => {
          read.push(frame);
          return true;
        });
        expect(isSound).toBe(true);
        expect(reader.buffered).toBeLessThan(2_416);
      }
      expect(read).toEqual(frames);
      expect(reader.buffered).toBe(0);
    }),
  );
});

it('gives frames that own their bytes', () => {
  const reader = new FrameReader(testFrameSizes);
  const chunk = testFrame(1, 5);
  const read: Uint8Array[] = [];
  reader.push(chunk, (frame) => read.push(frame) > 0);
  chunk.fill(0);
  expect(read).toEqual([testFrame(1, 5)]);
});

it('stops at a kind that does not exist, after the frames before it', () => {
  const reader = new FrameReader(testFrameSizes);
  let count = 0;
  const stream = Uint8Array.from([...testFrame(1), 0xee, ...testFrame(1)]);
  expect(reader.push(stream, () => ++count > 0)).toBe(false);
  expect([count, reader.buffered]).toEqual([1, 0]);
});

it('stops where the taker says so', () => {
  const reader = new FrameReader(testFrameSizes);
  let count = 0;
  const stream = Uint8Array.from([...testFrame(1), ...testFrame(1)]);
  expect(reader.push(stream, () => ++count < 1)).toBe(true);
  expect(count).toBe(1);
});
