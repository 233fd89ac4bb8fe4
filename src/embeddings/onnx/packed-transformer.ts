/** Runs sentences through a packed graph, batch by batch, and puts their rows back in order. */
import type { Transformer } from '../transformer.ts';
import { type EncoderConfig, maxTokens } from './architectures.ts';
import { type PackedBatch, packBatch, planBatches } from './packed.ts';

/** What is used of onnxruntime's session. */
export interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: unknown }>>;
  release(): Promise<void>;
}

/** Makes onnxruntime's tensors. */
export type TensorConstructor = new (
  type: 'int32' | 'float32',
  data: Int32Array | Float32Array,
  shape: readonly number[],
) => unknown;

/**
 * Tokens of a batch. onnxruntime holds the thread while it runs, so a batch bounds how long timers, progress and
 * interrupts wait; see bench/README.md for what other budgets cost.
 */
const TOKEN_BUDGET = 256;

/** An encoder whose graph `writeEncoder` wrote. */
export class PackedTransformer implements Transformer {
  readonly hiddenSize: number;
  readonly #session: Session;
  readonly #tensor: TensorConstructor;
  readonly #config: EncoderConfig;

  constructor(session: Session, tensor: TensorConstructor, config: EncoderConfig) {
    this.#session = session;
    this.#tensor = tensor;
    this.#config = config;
    this.hiddenSize = config.hiddenSize;
  }

  /** @throws {RangeError} when a sentence is empty or longer than the model has positions for */
  async run(sentences: readonly Int32Array[]): Promise<Float32Array> {
    for (const ids of sentences) this.#checkLength(ids.length);
    const lengths = sentences.map((ids) => ids.length);
    const firstRows = startsOf(lengths);
    const rows = new Float32Array(firstRows.at(-1)! * this.hiddenSize);
    for (const batch of planBatches(lengths, TOKEN_BUDGET)) {
      const hidden = await this.#runBatch(
        packBatch(
          batch.map((i) => sentences[i]!),
          this.#config,
        ),
      );
      let from = 0;
      for (const i of batch) {
        const to = from + lengths[i]! * this.hiddenSize;
        rows.set(hidden.subarray(from, to), firstRows[i]! * this.hiddenSize);
        from = to;
      }
    }
    return rows;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  async #runBatch(packed: PackedBatch): Promise<Float32Array> {
    const { batch, sequence } = packed;
    const tokens = packed.inputIds.length;
    const outputs = await this.#session.run({
      input_ids: new this.#tensor('int32', packed.inputIds, [tokens]),
      position_ids: new this.#tensor('int32', packed.positionIds, [tokens]),
      pad_index: new this.#tensor('int32', packed.padIndex, [batch, 1, sequence]),
      unpad_index: new this.#tensor('int32', packed.unpadIndex, [tokens, 1]),
      mask_bias: new this.#tensor('float32', packed.maskBias, [batch, 1, 1, sequence]),
    });
    return outputs.last_hidden_state!.data as Float32Array;
  }

  #checkLength(length: number): void {
    const longest = maxTokens(this.#config);
    if (length >= 1 && length <= longest) return;
    throw new RangeError(
      `A sentence has ${length} tokens; the model takes 1 to ${longest}. Truncate it before it is encoded.`,
    );
  }
}

/** The row at which each sentence begins, and after them the number of rows. */
function startsOf(lengths: readonly number[]): number[] {
  const starts = [0];
  for (const length of lengths) starts.push(starts.at(-1)! + length);
  return starts;
}
