/** Measures how many times as fast 8 bits are on this processor. */
import { createHash } from 'node:crypto';
import os from 'node:os';
import type { Encoder } from './encoder.ts';

/** 8 bits that gain less are not worth what they lose. */
export const LEAST_GAIN = 1.1;

const ROUNDS = 3;

/**
 * Runs sentences in turns through both encoders.
 *
 * @param now milliseconds of some clock
 * @returns the exact one's least time over the quantised one's
 */
export async function measureGain(
  { exact, quantized }: { exact: Encoder; quantized: Encoder },
  sentences: readonly Int32Array[],
  now: () => number = () => performance.now(),
): Promise<number> {
  const time = async (encoder: Encoder) => {
    const start = now();
    await encoder.run(sentences);
    return now() - start;
  };
  await Promise.all([exact.run(sentences), quantized.run(sentences)]);
  const [ofExact, ofQuantized]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ofExact.push(await time(exact));
    ofQuantized.push(await time(quantized));
  }
  return Math.min(...ofExact) / Math.min(...ofQuantized);
}

/** A name for this processor, by which its gain can be kept: another one for another model or number of cores. */
export function processorName(): string {
  const cores = os.cpus();
  const text = JSON.stringify([process.arch, cores[0]?.model, cores.length]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
