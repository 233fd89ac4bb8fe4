/** An encoder in plain TypeScript, for places where onnxruntime has no binary: slower, and the same numbers. */
import type { Encoder } from '../encoder.ts';
import { planBatches } from '../plan-batches.ts';
import { longestSentence, type PlainModel } from './plain-model.ts';
import { readPlainModel } from './read-plain-model.ts';
import { runPlainModel } from './run-plain-model.ts';

/** Tokens of a batch: some tens of milliseconds, after which the event loop breathes. */
const TOKEN_BUDGET = 64;

/**
 * Loads the plain encoder of a BERT or MPNet model.
 *
 * @param folder the model's folder: config.json and safetensors
 * @throws {MissingWeightsError | SafetensorsError | TensorMismatchError | UnsupportedModelError}
 * @example
 * const encoder = await loadPlainEncoder('models/mini-mpnet');
 * const rows = await encoder.run([Int32Array.of(0, 2041, 2)]); // [3, hiddenSize]
 */
export async function loadPlainEncoder(folder: string): Promise<Encoder> {
  return new PlainEncoder(await readPlainModel(folder));
}

/** Runs a plain model sentence by sentence. */
class PlainEncoder implements Encoder {
  readonly dtype = 'fp32';
  readonly hiddenSize: number;
  readonly maxTokens: number;
  #model: PlainModel | undefined;

  constructor(model: PlainModel) {
    this.#model = model;
    this.hiddenSize = model.hiddenSize;
    this.maxTokens = longestSentence(model);
  }

  planBatches(lengths: readonly number[], mostSentences?: number): number[][] {
    return planBatches(lengths, TOKEN_BUDGET, mostSentences);
  }

  /** @throws {RangeError} when a sentence is empty or longer than the model has positions for */
  async run(sentences: readonly Int32Array[]): Promise<Float32Array> {
    const model = this.#model;
    if (!model) throw new Error('This model is disposed. Load it again.');
    const wrong = sentences.find(({ length }) => length < 1 || length > this.maxTokens);
    if (wrong) {
      throw new RangeError(
        `A sentence has ${wrong.length} tokens; the model takes 1 to ${this.maxTokens}. Truncate it before it is encoded.`,
      );
    }
    const rows = new Float32Array(sentences.reduce((sum, ids) => sum + ids.length, 0) * model.hiddenSize);
    let start = 0;
    for (const ids of sentences) {
      rows.set(runPlainModel(model, ids), start);
      start += ids.length * model.hiddenSize;
    }
    return rows;
  }

  async dispose(): Promise<void> {
    this.#model = undefined;
  }
}
