/** Runs a model straight from its safetensors: by a graph of our own, on packed rows, without padding. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import type { EncoderPlan } from '../graph/families/encoder-plan.ts';
import { readMagnitudes } from '../graph/observe.ts';
import { type PreparedModel, prepareModel } from '../graph/prepare.ts';
import type { WeightsDtype } from '../weights/dtype.ts';
import {
  type Agreement,
  bareTrial,
  fingerprint,
  type MakeTrial,
  measureAgreement,
  requireAgreement,
  type Trial,
} from './agreement.ts';
import type { Encoder } from './encoder.ts';
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
  readonly dtype: WeightsDtype;
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
export async function loadPackedEncoder(
  folder: string,
  { dtype, cacheDir, isPaired, trial }: PackedEncoderOptions,
): Promise<Encoder> {
  const trialOf = (plan: EncoderPlan) => trial?.(plan.hiddenSize) ?? bareTrial(plan);
  let exactRows: Float32Array | undefined;
  const observe = async (graph: PreparedModel) => {
    const outputs = await runOnce(graph, (await trialOf(graph.plan)).sentences);
    exactRows = outputs.last_hidden_state!;
    return readMagnitudes(outputs);
  };
  const prepare = (precision: WeightsDtype) =>
    prepareModel(folder, { precision, cacheDir, isPaired, observe });
  const prepared = await prepare(dtype);
  const encoder = new PackedEncoder(await startRunner(prepared), prepared.plan, dtype);
  if (dtype !== 'q8') return encoder;
  const measure = async (used: Trial) => {
    exactRows ??= (await runOnce(await prepare('fp32'), used.sentences)).last_hidden_state!;
    return measureAgreement(used, exactRows, await encoder.run(used.sentences));
  };
  try {
    const agreement = await knownAgreement(prepared, await trialOf(prepared.plan), measure);
    return Object.assign(encoder, { agreement: requireAgreement(folder, agreement) });
  } catch (error) {
    await encoder.dispose();
    throw error;
  }
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

/** Reads the agreement that was measured with a trial when the graph was new, or measures it. */
async function knownAgreement(
  { folder, plan }: PreparedModel,
  trial: Trial,
  measure: (trial: Trial) => Promise<Agreement>,
): Promise<Agreement> {
  const file = path.join(folder, `agreement-${fingerprint(trial, plan.hiddenSize)}.json`);
  const known = await readAgreement(file);
  if (known !== undefined) return known;
  const agreement = await measure(trial);
  // A shared folder may be read-only, or the disk full: it is measured again then.
  await writeWhole(file, JSON.stringify(agreement)).catch(() => undefined);
  return agreement;
}

/** @returns undefined where there is none, and where it is not one */
async function readAgreement(file: string): Promise<Agreement | undefined> {
  try {
    const { lowestCosine, meanCosine }: Agreement = JSON.parse(await readFile(file, 'utf8'));
    const isWhole = Number.isFinite(lowestCosine) && Number.isFinite(meanCosine);
    return isWhole ? { lowestCosine, meanCosine } : undefined;
  } catch {
    return undefined;
  }
}
