/** Loads a model from its safetensors: writes the graph where there is none, and hands it to transformers.js. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Transformer } from '../transformer.ts';
import { type Agreement, measureAgreement, probeSentences } from './agreement.ts';
import { type Dtype, type Precision, toPrecision } from './dtype.ts';
import { PackedTransformer, type Session, type TensorConstructor } from './packed-transformer.ts';
import { type PreparedModel, prepareModel } from './prepare.ts';

/** How a model is loaded. */
export interface LoadOptions {
  /** The precision; 'auto' (which is fp32) without it. */
  readonly dtype?: Dtype;
  /** Receives the graphs, one folder each; without it the system's cache folder does. */
  readonly cacheDir?: string;
}

/** A loaded encoder that knows its precision. */
export interface SafetensorsTransformer extends Transformer {
  readonly precision: Precision;
  /** For q8: how far its embeddings are from fp32's, measured on this model once; else undefined. */
  readonly agreement: Agreement | undefined;
}

/**
 * Loads the encoder of a model that has safetensors weights.
 *
 * @param folder the model's folder: config.json and model.safetensors, or its parts with their index
 * @throws {RangeError} when dtype is unknown
 * @throws {MissingWeightsError | SafetensorsError | TensorMismatchError | UnsupportedModelError}
 * @example
 * const transformer = await loadSafetensorsTransformer('models/mini-mpnet', { dtype: 'q8' });
 * const rows = await transformer.run([Int32Array.of(0, 2041, 2)]); // [3, hiddenSize]
 * transformer.agreement?.lowestCosine // 0.99…
 */
export async function loadSafetensorsTransformer(
  folder: string,
  { dtype = 'auto', cacheDir }: LoadOptions = {},
): Promise<SafetensorsTransformer> {
  const precision = toPrecision(dtype);
  const prepared = await prepareModel(folder, { precision, cacheDir });
  const transformer = await startSession(prepared);
  if (precision !== 'q8') return Object.assign(transformer, { precision, agreement: undefined });
  const loadExact = async () => startSession(await prepareModel(folder, { precision: 'fp32', cacheDir }));
  return Object.assign(transformer, {
    precision,
    agreement: await knownAgreement(prepared, transformer, loadExact),
  });
}

/** transformers.js finds the graph in its folder and makes the session; the packed feeds go to that session. */
async function startSession({ folder, modelFile, config }: PreparedModel): Promise<PackedTransformer> {
  const { AutoModel, Tensor } = await import('@huggingface/transformers');
  const model = await AutoModel.from_pretrained(folder, {
    dtype: 'fp32',
    device: 'cpu',
    model_file_name: modelFile,
    local_files_only: true,
  });
  const { sessions } = model as unknown as { sessions: { model: Session } };
  return new PackedTransformer(sessions.model, Tensor as unknown as TensorConstructor, config);
}

/** Reads the agreement that was measured when the graph was new, or measures it. */
async function knownAgreement(
  { folder, config }: PreparedModel,
  quantized: Transformer,
  loadExact: () => Promise<Transformer>,
): Promise<Agreement> {
  const file = path.join(folder, 'agreement.json');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known);
  const exact = await loadExact();
  try {
    const agreement = await measureAgreement(exact, quantized, probeSentences(config.vocabularySize));
    await writeFile(file, JSON.stringify(agreement));
    return agreement;
  } finally {
    await exact.dispose();
  }
}
