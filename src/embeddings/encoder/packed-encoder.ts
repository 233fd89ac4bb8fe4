/** Runs a model straight from its safetensors: by a graph of our own, on packed rows, without padding. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import type { EncoderPlan } from '../graph/families/encoder-plan.ts';
import { readMagnitudes } from '../graph/observe.ts';
import { type PreparedModel, prepareModel } from '../graph/prepare.ts';
import type { Dtype, WeightsDtype } from '../weights/dtype.ts';
import {
  type Agreement,
  bareTrial,
  fingerprint,
  InexactWeightsError,
  type MakeTrial,
  measureAgreement,
  requireAgreement,
  type Trial,
} from './agreement.ts';
import type { Encoder } from './encoder.ts';
import { LEAST_GAIN, measureGain, processorName } from './gain.ts';
import { packBatch } from './packed-batch.ts';
import { planBatches } from './plan-batches.ts';
import { type BatchRunner, type GraphOutputs, startSession } from './session.ts';
import { startSessionThread } from './session-thread.ts';

/**
 * Tokens of a batch: few enough that the rows of a layer stay in the processor's cache, many enough that reading
 * the weights does not count. bench/README.md tells what other budgets cost.
 */
const TOKEN_BUDGET = 256;

/** Below so many weights a batch keeps the thread for some 50 ms at most. */
const SMALL_MODEL = 8_000_000;

/** How a model is loaded from its safetensors. */
export interface PackedEncoderOptions {
  /** 'auto': 8 bits where they are exact enough and this processor gains by them, else float32. */
  readonly dtype: Dtype;
  /** Receives the graphs, one folder each; without it TSBERT_GRAPHS or the system's cache folder does. */
  readonly cacheDir?: string | undefined;
  /** Whether pairs of texts are encoded, whose tokens may be of two types. */
  readonly isPaired?: boolean | undefined;
  /** What 8 bits are tried with; without it ids that mean nothing. */
  readonly trial?: MakeTrial | undefined;
}

/**
 * Loads the encoder of a model that has safetensors weights.
 *
 * @param folder the model's folder: config.json and model.safetensors, or its parts with their index
 * @throws {MissingWeightsError | SafetensorsError | TensorMismatchError | UnsupportedModelError}
 * @throws {InexactWeightsError} when 8 bits lose too much of this model
 * @example
 * const encoder = await loadPackedEncoder('models/mini-mpnet', { dtype: 'q8' });
 * const rows = await encoder.run([Int32Array.of(0, 2041, 2)]); // [3, hiddenSize]
 * encoder.agreement?.lowestCosine // 0.99…
 */
export async function loadPackedEncoder(folder: string, options: PackedEncoderOptions): Promise<Encoder> {
  const { dtype } = options;
  if (dtype === 'fp32' || dtype === 'fp16') return loadFloat(folder, { ...options, dtype });
  if (dtype === 'q8') return (await loadQuantized(folder, options)).encoder;
  try {
    return await chooseFaster(folder, options, await loadQuantized(folder, options));
  } catch (error) {
    if (!(error instanceof InexactWeightsError)) throw error;
    return loadFloat(folder, { ...options, dtype: 'fp32' });
  }
}

async function loadFloat(
  folder: string,
  { dtype, cacheDir, isPaired }: PackedEncoderOptions & { dtype: 'fp32' | 'fp16' },
): Promise<Encoder> {
  const prepared = await prepareModel(folder, { precision: dtype, cacheDir, isPaired });
  return new PackedEncoder(await startRunner(prepared), prepared.plan, dtype);
}

/** An encoder in 8 bits that has passed its trial. */
interface TriedEncoder {
  readonly encoder: Encoder;
  readonly trial: Trial;
  /** Keeps its graph and what was measured of it. */
  readonly folder: string;
}

/** @throws {InexactWeightsError} when 8 bits lose too much of this model */
async function loadQuantized(
  folder: string,
  { cacheDir, isPaired, trial: makeTrial }: PackedEncoderOptions,
): Promise<TriedEncoder> {
  const trialOf = (plan: EncoderPlan) => makeTrial?.(plan.hiddenSize) ?? bareTrial(plan);
  let exactRows: Float32Array | undefined;
  const observe = async (graph: PreparedModel) => {
    const outputs = await runOnce(graph, (await trialOf(graph.plan)).sentences);
    exactRows = outputs.last_hidden_state!;
    return readMagnitudes(outputs);
  };
  const prepared = await prepareModel(folder, { precision: 'q8', cacheDir, isPaired, observe });
  const trial = await trialOf(prepared.plan);
  const encoder = new PackedEncoder(await startRunner(prepared), prepared.plan, 'q8');
  const measure = async () => {
    const prepareExact = () => prepareModel(folder, { precision: 'fp32', cacheDir, isPaired });
    exactRows ??= (await runOnce(await prepareExact(), trial.sentences)).last_hidden_state!;
    return measureAgreement(trial, exactRows, await encoder.run(trial.sentences));
  };
  try {
    const file = path.join(prepared.folder, `agreement-${fingerprint(trial, encoder.hiddenSize)}.json`);
    const agreement = requireAgreement(folder, await remember(file, isAgreement, measure));
    return { encoder: Object.assign(encoder, { agreement }), trial, folder: prepared.folder };
  } catch (error) {
    await encoder.dispose();
    throw error;
  }
}

/** 8 bits where this processor gains by them, else float32. */
async function chooseFaster(
  folder: string,
  options: PackedEncoderOptions,
  quantized: TriedEncoder,
): Promise<Encoder> {
  const loadExact = () => loadFloat(folder, { ...options, dtype: 'fp32' });
  let exact: Encoder | undefined;
  const measure = async () => {
    exact = await loadExact();
    return measureGain({ exact, quantized: quantized.encoder }, quantized.trial.sentences);
  };
  const file = path.join(quantized.folder, `gain-${processorName()}.json`);
  const gain = await remember(file, Number.isFinite, measure);
  if (gain >= LEAST_GAIN) {
    await exact?.dispose();
    return quantized.encoder;
  }
  await quantized.encoder.dispose();
  return exact ?? loadExact();
}

/** Runs sentences, in one batch, through a graph that is not needed afterwards. */
async function runOnce(graph: PreparedModel, sentences: readonly Int32Array[]): Promise<GraphOutputs> {
  const runner = await startRunner(graph);
  try {
    const outputs = await runner.run(packBatch(sentences, graph.plan));
    return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.slice()]));
  } finally {
    await runner.dispose();
  }
}

/** Small models run in this thread: a batch takes milliseconds, a thread's start would take longer. */
function startRunner({ folder, modelFile, plan }: PreparedModel): Promise<BatchRunner> {
  const isSmall = plan.linearWeights < SMALL_MODEL;
  // Compiled code only: Node 20 starts no thread from a TypeScript file, as tests of the sources would have it.
  const isCompiled = import.meta.url.endsWith('.js');
  const start = isSmall || !isCompiled ? startSession : startSessionThread;
  return start({ folder, modelFile }, availableParallelism());
}

/** An encoder whose graph `writeEncoder` wrote. */
class PackedEncoder implements Encoder {
  readonly hiddenSize: number;
  readonly maxTokens: number;
  readonly dtype: WeightsDtype;
  readonly #runner: BatchRunner;
  readonly #plan: EncoderPlan;

  constructor(runner: BatchRunner, plan: EncoderPlan, dtype: WeightsDtype) {
    this.#runner = runner;
    this.#plan = plan;
    this.hiddenSize = plan.hiddenSize;
    this.maxTokens = plan.maxTokens;
    this.dtype = dtype;
  }

  planBatches(lengths: readonly number[], mostSentences?: number): number[][] {
    return planBatches(lengths, TOKEN_BUDGET, mostSentences);
  }

  /** @throws {RangeError} when a sentence is empty or too long, or an id is not of the model */
  async run(sentences: readonly Int32Array[], types?: readonly Int32Array[]): Promise<Float32Array> {
    if (sentences.length === 0) return new Float32Array(0);
    for (const ids of sentences) this.#check(ids);
    const outputs = await this.#runner.run(packBatch(sentences, this.#plan, types));
    return outputs.last_hidden_state!;
  }

  async dispose(): Promise<void> {
    await this.#runner.dispose();
  }

  #check(ids: Int32Array): void {
    const { maxTokens, vocabularySize } = this.#plan;
    if (ids.length < 1 || ids.length > maxTokens) {
      throw new RangeError(
        `A sentence has ${ids.length} tokens; the model takes 1 to ${maxTokens}. Truncate it before it is encoded.`,
      );
    }
    const stranger = ids.find((id) => id < 0 || id >= vocabularySize);
    if (stranger === undefined) return;
    throw new RangeError(
      `A token has the id ${stranger}, and config.json says the model knows ${vocabularySize} (vocab_size). ` +
        'Check that tokenizer.json and config.json belong to one model.',
    );
  }
}

/** Reads what was measured when the graph was new, or measures it. */
async function remember<Value>(
  file: string,
  isWhole: (value: Value) => boolean,
  measure: () => Promise<Value>,
): Promise<Value> {
  const known = await readJson(file);
  if (known !== undefined && isWhole(known as Value)) return known as Value;
  const measured = await measure();
  // A shared folder may be read-only, or the disk full: it is measured again then.
  await writeWhole(file, JSON.stringify(measured)).catch(() => undefined);
  return measured;
}

/** @returns undefined where there is none, and where it is not JSON */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAgreement(value: Partial<Agreement> | null): boolean {
  return Number.isFinite(value?.lowestCosine) && Number.isFinite(value?.meanCosine);
}
