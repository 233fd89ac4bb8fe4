/** Loads a model from its safetensors: writes the graph where there is none, and runs sentences through it. */
import type { Transformer } from '../transformer.ts';
import { type EncoderConfig, maxTokens } from './architectures.ts';
import { type PackedBatch, packBatch, planBatches } from './packed.ts';
import { prepareModel } from './prepare.ts';

/** The part of onnxruntime's session that is used; transformers.js makes it. */
interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: unknown }>>;
  release(): Promise<void>;
}

/** Makes onnxruntime's tensors. */
type TensorConstructor = new (
  type: 'int32' | 'float32',
  data: Int32Array | Float32Array,
  shape: readonly number[],
) => unknown;

const TOKEN_BUDGET = 256;

/**
 * Loads the encoder of a model that has safetensors weights.
 *
 * @param folder the model's folder: config.json and model.safetensors, or its parts with their index
 * @param options.cacheDir receives the graphs, one folder each; without it the system's cache folder does
 * @throws {MissingWeightsError | SafetensorsError | TensorMismatchError | UnsupportedModelError}
 * @example
 * const transformer = await loadSafetensorsTransformer('models/mini-mpnet');
 * const rows = await transformer.run([Int32Array.of(0, 2041, 2)]); // [3, hiddenSize]
 */
export async function loadSafetensorsTransformer(
  folder: string,
  { cacheDir }: { cacheDir?: string } = {},
): Promise<Transformer> {
  const prepared = await prepareModel(folder, cacheDir);
  const { AutoModel, Tensor } = await import('@huggingface/transformers');
  const model = await AutoModel.from_pretrained(prepared.folder, {
    dtype: 'fp32',
    device: 'cpu',
    model_file_name: prepared.modelFile,
    local_files_only: true,
  });
  const session = (model as unknown as { sessions: { model: Session } }).sessions.model;
  return new PackedTransformer(session, Tensor as unknown as TensorConstructor, prepared.config);
}

class PackedTransformer implements Transformer {
  readonly hiddenSize: number;
  readonly #session: Session;
  readonly #config: EncoderConfig;
  readonly #tensor: TensorConstructor;

  constructor(session: Session, tensor: TensorConstructor, config: EncoderConfig) {
    this.#session = session;
    this.#tensor = tensor;
    this.#config = config;
    this.hiddenSize = config.hiddenSize;
  }

  /** @throws {RangeError} when a sentence is empty or longer than the model has positions for */
  async run(sentences: readonly Int32Array[]): Promise<Float32Array> {
    for (const ids of sentences) this.#checkLength(ids.length);
    const firstRows = startsOf(sentences);
    const rows = new Float32Array(firstRows.at(-1)! * this.hiddenSize);
    const lengths = sentences.map((ids) => ids.length);
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
function startsOf(sentences: readonly Int32Array[]): number[] {
  const starts = [0];
  for (const ids of sentences) starts.push(starts.at(-1)! + ids.length);
  return starts;
}
