/** Chooses how a model's encoder is run: from its safetensors where it has them, else from its ONNX export. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { type Dtype, toPrecision } from '../weights/dtype.ts';
import { UnsupportedModelError } from '../weights/errors.ts';
import type { Agreement } from './agreement.ts';
import { loadExportedTransformer } from './exported-transformer.ts';
import { loadSafetensorsTransformer } from './load.ts';
import type { Transformer } from './transformer.ts';

/** Which of a model's weights are run. */
export type WeightsSource = 'safetensors' | 'onnx';

/** What decides how an encoder is run. */
export interface TransformerOptions {
  /** Precision of the weights; without it fp32. */
  dtype?: Dtype | undefined;
  /** Which ones to run; without it safetensors, where there are and their kind is known. */
  weights?: WeightsSource | undefined;
}

const SAFETENSORS = ['model.safetensors', 'model.safetensors.index.json'];

/**
 * Loads a model's encoder.
 *
 * @param folder absolute path of the folder with config.json
 * @returns the encoder; for 8-bit safetensors with its agreement with fp32
 * @throws {RangeError} when dtype or weights has no such value
 * @throws what {@link loadSafetensorsTransformer} or {@link loadExportedTransformer} throws
 */
export async function loadTransformer(
  folder: string,
  { dtype = 'auto', weights }: TransformerOptions,
): Promise<Transformer & { readonly agreement?: Agreement | undefined }> {
  const precision = toPrecision(dtype);
  if (weights !== undefined && weights !== 'safetensors' && weights !== 'onnx') {
    throw new RangeError(`There are no weights '${weights}'. Choose safetensors or onnx.`);
  }
  const hasExport = await exists(path.join(folder, 'onnx', 'model.onnx'));
  const prefersExport = hasExport && !(await hasSafetensors(folder));
  if (weights === 'onnx' || (weights === undefined && prefersExport)) {
    return loadExportedTransformer(folder, { dtype: precision });
  }
  try {
    return await loadSafetensorsTransformer(folder, { dtype: precision });
  } catch (error) {
    const canRunExport = weights === undefined && hasExport && error instanceof UnsupportedModelError;
    if (!canRunExport) throw error;
    return loadExportedTransformer(folder, { dtype: precision });
  }
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
