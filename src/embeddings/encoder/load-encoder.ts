/** Chooses how a model's encoder is run: a table of word vectors, safetensors where there are, else an ONNX export. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { type Dtype, resolveDtype, type WeightsDtype } from '../weights/dtype.ts';
import { UnsupportedModelError } from '../weights/errors.ts';
import type { MakeTrial } from './agreement.ts';
import type { Encoder } from './encoder.ts';
import { findExport, loadExportedEncoder } from './exported-encoder.ts';
import { loadPackedEncoder } from './packed-encoder.ts';
import { loadStaticEncoder } from './static-encoder.ts';

/** Which of a model's weights are run. */
export type WeightsSource = 'safetensors' | 'onnx';

/** What decides how an encoder is run. */
export interface EncoderOptions {
  /** Of the weights; without it fp32. 'auto' is fp32 for tables and for exports, whose 8 bits depend on the processor. */
  dtype?: Dtype | undefined;
  /** Which ones to run; without it safetensors, where there are and their kind is known. */
  weights?: WeightsSource | undefined;
  /** What 8 bits are tried with, before anybody gets to see them. */
  trial?: MakeTrial | undefined;
}

/** The precisions in which exports come. */
const EXPORTED: readonly WeightsDtype[] = ['fp32', 'fp16', 'q8'];

const SAFETENSORS = ['model.safetensors', 'model.safetensors.index.json'];

/**
 * Loads a model's encoder.
 *
 * @param source what the model's folder says of its encoder: its kind and its absolute folder
 * @throws {RangeError} when dtype or weights has no such value
 * @throws what {@link loadPackedEncoder}, {@link loadExportedEncoder} or {@link loadStaticEncoder} throws
 */
export async function loadEncoder(
  { kind, folder }: { kind: 'transformer' | 'static'; folder: string },
  { dtype = 'fp32', weights, trial }: EncoderOptions,
): Promise<Encoder> {
  const precision = resolveDtype(dtype);
  if (weights !== undefined && weights !== 'safetensors' && weights !== 'onnx') {
    throw new RangeError(`There are no weights '${weights}'. Choose safetensors or onnx.`);
  }
  if (kind === 'static') return loadStatic(folder, precision, weights);
  const exports = await Promise.all(EXPORTED.map((each) => findExport(folder, each)));
  const hasExport = exports.some((found) => found !== undefined);
  const prefersExport = hasExport && !(await hasSafetensors(folder));
  if (weights === 'onnx' || (weights === undefined && prefersExport)) {
    return loadExportedEncoder(folder, { dtype: precision, trial });
  }
  try {
    return await loadPackedEncoder(folder, { dtype, trial });
  } catch (error) {
    const canRunExport = weights === undefined && hasExport && error instanceof UnsupportedModelError;
    if (!canRunExport) throw error;
    return loadExportedEncoder(folder, { dtype: precision, trial });
  }
}

async function loadStatic(
  folder: string,
  dtype: WeightsDtype,
  weights: WeightsSource | undefined,
): Promise<Encoder> {
  if (weights !== 'onnx') return loadStaticEncoder(folder, { dtype });
  throw new RangeError(
    `${folder} is a table of word vectors: it is read from model.safetensors alone. Leave weights out.`,
  );
}

async function hasSafetensors(folder: string): Promise<boolean> {
  const found = await Promise.all(SAFETENSORS.map((name) => exists(path.join(folder, name))));
  return found.includes(true);
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
