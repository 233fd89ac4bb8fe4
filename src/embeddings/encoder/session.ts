/** One onnxruntime session in this thread, made by transformers.js, that runs packed batches. */
import type { PackedBatch } from './packed-batch.ts';

/** What a graph gives for a batch, by the names of its outputs. */
export type GraphOutputs = Readonly<Record<string, Float32Array>>;

/** Runs batches, in the order they are given; those that wait are its own affair. */
export interface BatchRunner {
  /** @returns the graph's outputs by name; last_hidden_state is [tokens, hiddenSize] */
  run(batch: PackedBatch): Promise<GraphOutputs>;
  /** Frees the weights. */
  dispose(): Promise<void>;
}

/** Which graph to load. */
export interface GraphLocation {
  /** Holds config.json, onnx/<modelFile>.onnx and the weights beside it. */
  readonly folder: string;
  /** The graph's file name without its ending. */
  readonly modelFile: string;
}

/** What is used of onnxruntime's session. */
interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: Float32Array }>>;
  release(): Promise<void>;
}

/** Makes onnxruntime's tensors. */
type TensorConstructor = new (
  type: 'int32' | 'float32',
  data: Int32Array | Float32Array,
  shape: readonly number[],
) => unknown;

/**
 * Loads a graph as transformers.js loads any model; the packed feeds then go straight to its session.
 *
 * @param threads of onnxruntime, this one included
 */
export async function startSession(
  { folder, modelFile }: GraphLocation,
  threads: number,
): Promise<BatchRunner> {
  const { AutoModel, Tensor } = await import('@huggingface/transformers');
  const model = await AutoModel.from_pretrained(folder, {
    dtype: 'fp32',
    device: 'cpu',
    model_file_name: modelFile,
    local_files_only: true,
    session_options: { intraOpNumThreads: threads },
  });
  const session = (model as unknown as { sessions: { model: Session } }).sessions.model;
  // One after the other, so that timers and messages have their turn between two batches.
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(batch) {
      const outputs = last.then(() => session.run(feeds(batch, Tensor as unknown as TensorConstructor)));
      last = outputs.catch(() => undefined);
      return outputs.then((tensors) =>
        Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data])),
      );
    },
    dispose: () => session.release(),
  };
}

/** The graph's inputs, as `packedInputs` declares them. */
function feeds(packed: PackedBatch, Tensor: TensorConstructor): Record<string, unknown> {
  const { batch, sequence } = packed;
  const tokens = packed.inputIds.length;
  const types = packed.typeIds && { type_ids: new Tensor('int32', packed.typeIds, [tokens]) };
  return {
    ...types,
    input_ids: new Tensor('int32', packed.inputIds, [tokens]),
    position_ids: new Tensor('int32', packed.positionIds, [tokens]),
    pad_index: new Tensor('int32', packed.padIndex, [batch, 1, sequence]),
    unpad_index: new Tensor('int32', packed.unpadIndex, [tokens, 1]),
    mask_bias: new Tensor('float32', packed.maskBias, [batch, 1, 1, sequence]),
  };
}
