/** Reads safetensors files: which tensors they hold, where the bytes lie, and single tensors as float32. */
import { type FileHandle, open, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { MissingWeightsError, SafetensorsError } from './errors.ts';
import { brainToFloat, halfToFloat } from './half-precision.ts';

/** Element types of safetensors and their bytes. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};
const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;
/** How the text begins that git leaves in place of a large file. */
const LFS_POINTER = 'version ';

/** One tensor: what it is and where its bytes lie. */
export interface TensorEntry {
  /** Element type as the file writes it: F32, F16, BF16, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The real path of the file, links resolved. */
  readonly file: string;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  /** Bytes of the tensor. */
  readonly length: number;
}

/** The tensors of one model, from one file or from several. */
export interface Safetensors {
  /** The real paths of the files, links resolved, in the order of their names. */
  readonly files: readonly string[];
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/**
 * Reads the headers of a model's weights: model.safetensors, or the parts which model.safetensors.index.json
 * names.
 *
 * @param folder the model's folder
 * @throws {MissingWeightsError} when it holds neither
 * @throws {SafetensorsError} when a file is missing, cut or damaged
 * @example
 * const { tensors } = await readSafetensors('models/mini-mpnet');
 * tensors.get('embeddings.LayerNorm.bias')?.shape // [128]
 */
export async function readSafetensors(folder: string): Promise<Safetensors> {
  const single = path.join(folder, 'model.safetensors');
  if (await exists(single)) return merge([await readSafetensorsFile(single)]);
  const index = path.join(folder, 'model.safetensors.index.json');
  if (!(await exists(index))) throw new MissingWeightsError(folder, await otherWeights(folder));
  const places = await readIndex(index);
  const names = [...new Set(places.values())].sort();
  const parts = await Promise.all(names.map((name) => readSafetensorsFile(path.join(folder, name))));
  for (const [tensor, name] of places) {
    if (parts[names.indexOf(name)]!.tensors.has(tensor)) continue;
    throw new SafetensorsError(path.join(folder, name), `it lacks ${tensor}, which the index says is in it`);
  }
  return merge(parts);
}

/**
 * Reads one file's header and checks it against the file's size.
 *
 * @throws {SafetensorsError} when the file is missing, cut or damaged
 * @see https://huggingface.co/docs/safetensors (the format)
 */
export async function readSafetensorsFile(file: string): Promise<Safetensors> {
  if (!(await exists(file)))
    throw new SafetensorsError(file, 'it does not exist', 'Download the model again.');
  const real = await realpath(file);
  const handle = await open(real);
  try {
    const { size } = await handle.stat();
    const { header, dataStart } = await readHeader(handle, size, file);
    const tensors = new Map<string, TensorEntry>();
    for (const [name, value] of Object.entries(header)) {
      if (name !== '__metadata__') tensors.set(name, parseEntry(name, value, dataStart, file, real));
    }
    const end = endOfTensors(tensors, dataStart, file);
    if (end !== size) {
      throw new SafetensorsError(file, `its header promises ${end} bytes and it has ${size}`);
    }
    return { files: [real], tensors };
  } finally {
    await handle.close();
  }
}

/**
 * Reads one tensor.
 *
 * @returns its values as float32, row-major
 * @throws {TypeError} when its elements are not F32, F16 or BF16
 */
export async function readTensor(entry: TensorEntry): Promise<Float32Array> {
  const decode = DECODERS[entry.dtype];
  if (decode === undefined) {
    throw new TypeError(
      `Cannot read ${entry.dtype} elements in ${entry.file}: weights must be ${FLOAT_TYPES.join(', ')}.`,
    );
  }
  const bytes = new Uint8Array(entry.length);
  const handle = await open(entry.file);
  try {
    const { bytesRead } = await handle.read(bytes, 0, entry.length, entry.offset);
    if (bytesRead !== entry.length) throw new SafetensorsError(entry.file, 'it ends inside a tensor');
  } finally {
    await handle.close();
  }
  return decode(bytes.buffer);
}

const DECODERS: Readonly<Record<string, (bytes: ArrayBuffer) => Float32Array>> = {
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => halfToFloat(new Uint16Array(bytes)),
  BF16: (bytes) => brainToFloat(new Uint16Array(bytes)),
};
/** The element types that weights may have. */
export const FLOAT_TYPES: readonly string[] = Object.keys(DECODERS);

async function readHeader(
  handle: FileHandle,
  size: number,
  file: string,
): Promise<{ header: Record<string, unknown>; dataStart: number }> {
  if (size < LENGTH_BYTES) throw new SafetensorsError(file, `it has ${size} bytes and no header`);
  const prefix = Buffer.alloc(LENGTH_BYTES);
  await handle.read(prefix, 0, LENGTH_BYTES, 0);
  if (prefix.toString('latin1') === LFS_POINTER) {
    const remedy = 'Run git lfs pull in its folder, or download the model again.';
    throw new SafetensorsError(file, 'it is a pointer of Git LFS and not the weights themselves', remedy);
  }
  const length = Number(prefix.readBigUInt64LE());
  if (length > MAX_HEADER_BYTES || LENGTH_BYTES + length > size) {
    throw new SafetensorsError(file, `its header should have ${length} bytes and the file has ${size}`);
  }
  const bytes = Buffer.alloc(length);
  await handle.read(bytes, 0, length, LENGTH_BYTES);
  return { header: parseObject(bytes.toString('utf8'), file), dataStart: LENGTH_BYTES + length };
}

function parseEntry(
  name: string,
  value: unknown,
  dataStart: number,
  file: string,
  real: string,
): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const bytes = typeof dtype === 'string' ? ELEMENT_BYTES[dtype] : undefined;
  if (bytes === undefined || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw new SafetensorsError(file, `the header's entry for ${name} is not understood`);
  }
  const [begin, end] = offsets as [number, number];
  const length = shape.reduce((product, size) => product * size, bytes);
  if (end - begin !== length) {
    throw new SafetensorsError(file, `${name} should have ${length} bytes and has ${end - begin}`);
  }
  return { dtype: dtype as string, shape, file: real, offset: dataStart + begin, length };
}

/** Tensors lie one behind the other: one that shares bytes with another, or a hole between them, is damage. */
function endOfTensors(tensors: ReadonlyMap<string, TensorEntry>, dataStart: number, file: string): number {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  let end = dataStart;
  let before = 'the header';
  for (const [name, { offset, length }] of inOrder) {
    if (offset < end) throw new SafetensorsError(file, `${name} shares ${end - offset} bytes with ${before}`);
    if (offset > end)
      throw new SafetensorsError(file, `${offset - end} bytes before ${name} belong to no tensor`);
    end = offset + length;
    before = name;
  }
  return end;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** The part that holds each tensor. */
async function readIndex(file: string): Promise<Map<string, string>> {
  const { weight_map: map } = parseObject(await readFile(file, 'utf8'), file);
  const places = Object.entries(typeof map === 'object' && map !== null ? map : {});
  if (places.length === 0 || !places.every(([, name]) => isFileName(name))) {
    throw new SafetensorsError(file, 'its weight_map does not name the files of this folder');
  }
  return new Map(places);
}

function isFileName(name: unknown): name is string {
  return typeof name === 'string' && path.basename(name) === name;
}

function parseObject(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Not JSON: reported below, with what the file begins with left out, for it may be binary.
  }
  throw new SafetensorsError(file, 'its header is not JSON');
}

function merge(parts: readonly Safetensors[]): Safetensors {
  const tensors = new Map<string, TensorEntry>();
  for (const [name, entry] of parts.flatMap((part) => [...part.tensors])) {
    const other = tensors.get(name);
    if (other) throw new SafetensorsError(entry.file, `${name} is in it and in ${other.file}`);
    tensors.set(name, entry);
  }
  return { files: parts.flatMap((part) => part.files), tensors };
}

/** Names the weights that other libraries would read, for the error message. */
async function otherWeights(folder: string): Promise<string | undefined> {
  const names = ['pytorch_model.bin', 'pytorch_model.bin.index.json', 'tf_model.h5', 'flax_model.msgpack'];
  for (const name of names) if (await exists(path.join(folder, name))) return name;
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
