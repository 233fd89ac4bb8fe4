/** Refuses weights that are not numbers: one of them spoils every embedding, and 8 bits would hide it. */
import { open } from 'node:fs/promises';
import { NonFiniteWeightsError } from './errors.ts';
import type { TensorEntry } from './safetensors.ts';

const CHUNK_BYTES = 1 << 22;

/** How elements lie in a file, and the bits that are all set in infinities and NaN. */
const EXPONENTS: Readonly<Record<string, { bytes: 2 | 4; mask: number }>> = {
  F32: { bytes: 4, mask: 0x7f800000 },
  F16: { bytes: 2, mask: 0x7c00 },
  BF16: { bytes: 2, mask: 0x7f80 },
};

/**
 * Reads tensors through, without keeping them.
 *
 * @param tensors by name; those whose elements are no floating point numbers are passed over
 * @param remedy ends the error's sentence, where the weights are not damaged
 * @throws {NonFiniteWeightsError} when one holds NaN or infinity
 */
export async function requireFinite(
  tensors: Iterable<readonly [string, TensorEntry]>,
  remedy?: string,
): Promise<void> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (const [name, entry] of tensors) {
    const element = await findNonFinite(entry, chunk);
    if (element !== undefined) throw new NonFiniteWeightsError(name, element, entry, remedy);
  }
}

/** @returns the number of the first element that is not finite, counted from 0; undefined where all are */
async function findNonFinite(entry: TensorEntry, chunk: Buffer): Promise<number | undefined> {
  const kind = EXPONENTS[entry.dtype];
  if (kind === undefined) return undefined;
  const handle = await open(entry.file);
  try {
    for (let start = 0; start < entry.length; start += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, entry.length - start);
      await handle.read(chunk, 0, length, entry.offset + start);
      const bits = kind.bytes === 4 ? words(chunk, length) : halfWords(chunk, length);
      const place = indexOfFull(bits, kind.mask);
      if (place !== -1) return start / kind.bytes + place;
    }
  } finally {
    await handle.close();
  }
  return undefined;
}

function indexOfFull(bits: Uint32Array | Uint16Array, mask: number): number {
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & mask) === mask) return i;
  return -1;
}

function words({ buffer, byteOffset }: Buffer, length: number): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function halfWords({ buffer, byteOffset }: Buffer, length: number): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length / 2);
}
