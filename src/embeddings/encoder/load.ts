/** Loads a model from its safetensors: writes the graph where there is none, and hands it to transformers.js. */
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { EncoderConfig } from '../graph/architectures.ts';
import { type PreparedModel, prepareModel } from '../graph/prepare.ts';
import { type Dtype, type Precision, toPrecision } from '../weights/dtype.ts';
import { type Agreement, measureAgreement, probeSentences } from './agreement.ts';
import { PackedTransformer } from './packed-transformer.ts';
import { startSession } from './session.ts';
import { startSessionThread } from './session-thread.ts';
import type { Transformer } from './transformer.ts';

/** Below so many weights a batch keeps the thread for some 50 ms at most. */
const SMALL_MODEL = 8_000_000;

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
  const transformer = await start(prepared);
  if (precision !== 'q8') return Object.assign(transformer, { precision, agreement: undefined });
  const loadExact = async () => start(await prepareModel(folder, { precision: 'fp32', cacheDir }));
  return Object.assign(transformer, {
    precision,
    agreement: await knownAgreement(prepared, transformer, loadExact),
  });
}

/** Small models run in this thread: a batch takes milliseconds, a thread's start would take longer. */
async function start({ folder, modelFile, config }: PreparedModel): Promise<PackedTransformer> {
  const cores = availableParallelism();
  const isSmall = linearParameters(config) < SMALL_MODEL;
  // Compiled code only: Node 20 starts no thread from a TypeScript file, as tests of the sources would have it.
  const isCompiled = import.meta.url.endsWith('.js');
  const startRunner = isSmall || !isCompiled ? startSession : startSessionThread;
  const runner = await startRunner({ folder, modelFile }, cores);
  return new PackedTransformer(runner, config);
}

/** Weights in the layers' linear modules: each costs one multiplication a token. */
function linearParameters({ layers, hiddenSize, intermediateSize }: EncoderConfig): number {
  return layers * (4 * hiddenSize * hiddenSize + 2 * hiddenSize * intermediateSize);
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
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(agreement));
    await rename(draft, file);
    return agreement;
  } finally {
    await exact.dispose();
  }
}
