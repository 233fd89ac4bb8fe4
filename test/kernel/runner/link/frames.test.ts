/** Frames come out as they went in, wherever the stream is cut. */
import { expect, it } from 'vitest';
import { encodeFrame, FrameReader } from '../../../../src/kernel/runner/link/frames.ts';

const values = [{ a: 1 }, 'text 😀 \ud800', new Uint8Array([1, 2, 3]), null, 'x'.repeat(70_000)];
const stream = Buffer.concat(values.map(encodeFrame));

it.each([1, 3, 7, 1000, stream.length])('FrameReader puts together pieces of %i bytes', (size) => {
  const reader = new FrameReader<unknown>();
  const read: unknown[] = [];
  for (let start = 0; start < stream.length; start += size)
    read.push(...reader.push(stream.subarray(start, start + size)));
  expect(read).toEqual(values);
});
