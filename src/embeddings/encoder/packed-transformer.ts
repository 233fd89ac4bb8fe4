/** Runs sentences through a packed graph, batch by batch, and puts their rows back in order. */

import { type EncoderConfig, maxTokens } from '../graph/architectures.ts';
import { packBatch, planBatches } from './packed.ts';
import type { BatchRunner } from './session.ts';
import type { Transformer } from './transformer.ts';

/**
 * Tokens of a batch: few enough that the rows of a layer stay in the processor's cache, many enough that reading
 * the weights does not count. bench/README.md tells what other budgets cost.
 */
const TOKEN_BUDGET = 256;

/** An encoder whose graph `writeEncoder` wrote. */
export class PackedTransformer implements Transformer {
  readonly hiddenSize: number;
  readonly #runner: BatchRunner;
  readonly #config: EncoderConfig;

  constructor(runner: BatchRunner, config: EncoderConfig) {
    this.#runner = runner;
    this.#config = config;
    this.hiddenSize = config.hiddenSize;
  }

  /** @throws {RangeError} when a sentence is empty or longer than the model has positions for */
  async run(sentences: readonly Int32Array[]): Promise<Float32Array> {
    for (const ids of sentences) this.#checkLength(ids.length);
    const lengths = sentences.map((ids) => ids.length);
    const starts = startsOf(lengths);
    const rows = new Float32Array(starts.at(-1)! * this.hiddenSize);
    const batches = planBatches(lengths, evenBudget(lengths)).map(async (batch) => {
      const packed = packBatch(
        batch.map((i) => sentences[i]!),
        this.#config,
      );
      this.#putBack(await this.#runner.run(packed), batch, { lengths, starts, rows });
    });
    await Promise.all(batches);
    return rows;
  }

  async dispose(): Promise<void> {
    await this.#runner.dispose();
  }

  /** Copies a batch's rows to where its sentences stand. */
  #putBack(
    hidden: Float32Array,
    batch: readonly number[],
    { lengths, starts, rows }: { lengths: readonly number[]; starts: readonly number[]; rows: Float32Array },
  ): void {
    let from = 0;
    for (const i of batch) {
      const to = from + lengths[i]! * this.hiddenSize;
      rows.set(hidden.subarray(from, to), starts[i]! * this.hiddenSize);
      from = to;
    }
  }

  #checkLength(length: number): void {
    const longest = maxTokens(this.#config);
    if (length >= 1 && length <= longest) return;
    throw new RangeError(
      `A sentence has ${length} tokens; the model takes 1 to ${longest}. Truncate it before it is encoded.`,
    );
  }
}

/** A little more or less than the budget, so that no small batch is left over. */
function evenBudget(lengths: readonly number[]): number {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const batches = Math.max(1, Math.round(tokens / TOKEN_BUDGET));
  return Math.ceil(tokens / batches) + Math.floor(longest / 2);
}

/** The row at which each sentence begins, and after them the number of rows. */
function startsOf(lengths: readonly number[]): number[] {
  const starts = [0];
  for (const length of lengths) starts.push(starts.at(-1)! + length);
  return starts;
}
