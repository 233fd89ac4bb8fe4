/** Writes a model's weights once more, in half precision. */
import { open } from 'node:fs/promises';
import { floatToHalf } from './half-precision.ts';
import { readSafetensorsFile, readTensor, type Safetensors } from './safetensors.ts';

/**
 * Writes every F32 tensor as F16 and leaves the others out.
 *
 * @param file the safetensors file to make; none is made where nothing is F32
 * @returns the tensors as they are now: the new file's, and the others where they were
 */
export async function writeHalved(safetensors: Safetensors, file: string): Promise<Safetensors> {
  const wide = [...safetensors.tensors].filter(([, entry]) => entry.dtype === 'F32');
  if (wide.length === 0) return safetensors;
  const handle = await open(file, 'wx');
  try {
    let offset = 0;
    const header: Record<string, unknown> = {};
    for (const [name, { shape, length }] of wide) {
      header[name] = { dtype: 'F16', shape, data_offsets: [offset, offset + length / 2] };
      offset += length / 2;
    }
    await handle.writeFile(headerBytes(header));
    for (const [, entry] of wide) {
      const half = floatToHalf(await readTensor(entry));
      await handle.writeFile(new Uint8Array(half.buffer));
    }
  } finally {
    await handle.close();
  }
  const halved = await readSafetensorsFile(file);
  const tensors = new Map([...safetensors.tensors, ...halved.tensors]);
  const files = new Set([...tensors.values()].map((entry) => entry.file));
  return { files: [...files], tensors };
}

/** The header's length in 8 bytes and the header, filled with blanks to a multiple of 8. */
function headerBytes(header: Record<string, unknown>): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((8 - (json.length % 8)) % 8, ' ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding]);
}
