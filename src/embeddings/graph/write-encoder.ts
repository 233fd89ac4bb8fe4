/** Writes an encoder's graph: packed feeds in, the last hidden state out, as its family composes it. */
import { packedInputs } from './blocks/context.ts';
import type { EncoderPlan } from './families/encoder-plan.ts';
import { DataType, GraphBuilder } from './onnx/graph.ts';
import type { TensorSource } from './onnx/tensor-source.ts';

/** Says which writer made a file; part of the key under which graphs are kept. */
export const WRITER = { name: 'tsbert', version: '4' };

/**
 * Writes the graph of an encoder.
 *
 * @returns the bytes of an ONNX model: packed feeds in, last_hidden_state [tokens, hiddenSize] out
 * @throws {TensorMismatchError} when the weights do not fit the configuration
 */
export async function writeEncoder(plan: EncoderPlan, source: TensorSource): Promise<Uint8Array> {
  const graph = new GraphBuilder();
  const rows = await plan.write({ graph, source, inputs: packedInputs(graph, plan.hasTypes) });
  graph.output('last_hidden_state', rows, DataType.float, ['tokens', plan.hiddenSize]);
  return graph.toModel(WRITER);
}
