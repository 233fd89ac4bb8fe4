/** The runner's way out: frames written at once, so that order holds and nothing is lost when the process dies. */
import { writeSync } from 'node:fs';
import { encodeFrame } from './frames.ts';
import { RUNNER_FD, type RunnerMessage } from './messages.ts';

/** Longest piece of a stream in one frame, in UTF-16 units. */
const CHUNK_LENGTH = 1 << 17;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sends a message to the protocol process. Waits while that one is behind, which is what keeps memory bounded when a
 * cell prints faster than its reader reads.
 */
export function emit(message: RunnerMessage): void {
  const frame = encodeFrame(message);
  for (let start = 0; start < frame.length; ) start += writeSome(frame, start);
}

/** Sends stream text, long text in pieces that never split a surrogate pair. */
export function emitStream(run: number, name: 'stdout' | 'stderr', text: string): void {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + CHUNK_LENGTH, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    emit({ type: 'stream', run, name, text: text.slice(start, end) });
    start = end;
  }
}

function writeSome(frame: Buffer, start: number): number {
  try {
    return writeSync(RUNNER_FD.output, frame, start);
  } catch (error) {
    // A pipe that some code made non-blocking is full: wait a millisecond for the reader.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(sleeper, 0, 0, 1);
    return 0;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
