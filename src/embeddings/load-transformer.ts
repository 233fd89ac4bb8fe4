/** Chooses how a model's encoder is run: from its safetensors where it has them, else from its ONNX export. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { loadExportedTransformer } from './exported-transformer.ts';
import { loadSafetensorsTransformer } from './onnx/load.ts';
import type { Transformer } from './transformer.ts';

const DTYPES = ['fp32'] as const;

/** Precision of the weights. */
export type Dtype = (typeof DTYPES)[number];

const SAFETENSORS = ['model.safetensors', 'model.safetensors.index.json'];

/**
 * Loads a model's encoder.
 *
 * @param folder absolute path of the folder with config.json
 * @param options weights: which ones to run; without it, safetensors where there are
 * @throws {RangeError} when dtype or weights has no such value
 */
export async function loadTransformer(
  folder: string,
  { dtype = 'fp32', weights }: { dtype?: Dtype; weights?: 'safetensors' | 'onnx' },
): Promise<Transformer> {
  if (!DTYPES.includes(dtype)) {
    throw new RangeError(`There is no dtype '${dtype}'. Choose one of ${DTYPES.join(', ')}.`);
  }
  if (weights !== undefined && weights !== 'safetensors' && weights !== 'onnx') {
    throw new RangeError(`There are no weights '${weights}'. Choose safetensors or onnx.`);
  }
  const source =
    weights ?? ((await hasSafetensors(folder)) || !(await hasExport(folder)) ? 'safetensors' : 'onnx');
  return source === 'onnx' ? loadExportedTransformer(folder, { dtype }) : loadSafetensorsTransformer(folder);
}

async function hasSafetensors(folder: string): Promise<boolean> {
  const found = await Promise.all(SAFETENSORS.map((name) => exists(path.join(folder, name))));
  return found.includes(true);
}

function hasExport(folder: string): Promise<boolean> {
  return exists(path.join(folder, 'onnx', 'model.onnx'));
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
