/** Writes safetensors files for tests, whole ones and damaged ones. */
import { readFile, writeFile } from 'node:fs/promises';

/** A tensor of float32. */
export interface TestTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Writes a file of float32 tensors. */
export async function writeSafetensors(
  file: string,
  tensors: Readonly<Record<string, TestTensor>>,
): Promise<void> {
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const bytes = Buffer.from(Float32Array.from(values).buffer);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
    parts.push(bytes);
  }
  await writeFile(file, Buffer.concat([...headerBytes(header), ...parts]));
}

/** Changes the header of a file and leaves its data as it is. */
export async function changeHeader(
  file: string,
  change: (header: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const bytes = await readFile(file);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  await writeFile(file, Buffer.concat([...headerBytes(change(header)), bytes.subarray(8 + length)]));
}

function headerBytes(header: Record<string, unknown>): Buffer[] {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return [length, json];
}
