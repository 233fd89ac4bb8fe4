/** What every block of a graph is written into: the graph, the model's tensors, and the inputs that say what stands where. */
import { DataType, type GraphBuilder } from '../onnx/graph.ts';
import type { LinearPart, TensorSource } from '../onnx/tensor-source.ts';

/** A graph under construction and where its tensors come from. */
export interface GraphContext {
  readonly graph: GraphBuilder;
  readonly source: TensorSource;
  readonly inputs: PackedInputs;
}

/** The inputs of the graph that say which token stands where. */
export interface PackedInputs {
  readonly inputIds: string;
  readonly positionIds: string;
  readonly padIndex: string;
  readonly unpadIndex: string;
  readonly maskBias: string;
  /** Where the graph is told tokens' types. */
  readonly typeIds: string | undefined;
}

/** Declares the inputs; `packed-batch.ts` makes what is fed to them. */
export function packedInputs(graph: GraphBuilder, hasTypes = false): PackedInputs {
  return {
    inputIds: graph.input('input_ids', DataType.int32, ['tokens']),
    positionIds: graph.input('position_ids', DataType.int32, ['tokens']),
    padIndex: graph.input('pad_index', DataType.int32, ['batch', 1, 'sequence']),
    unpadIndex: graph.input('unpad_index', DataType.int32, ['tokens', 1]),
    maskBias: graph.input('mask_bias', DataType.float, ['batch', 1, 1, 'sequence']),
    typeIds: hasTypes ? graph.input('type_ids', DataType.int32, ['tokens']) : undefined,
  };
}

/** The batch's longest sentence: an int64 scalar. */
export function sequenceLength({ graph, inputs }: GraphContext): string {
  return graph.node('Gather', [graph.node('Shape', [inputs.padIndex]), graph.int64([2], [])]);
}

/** Key position minus query position: int64 [sequence, sequence]. */
export function distances(context: GraphContext): string {
  const { graph } = context;
  const places = graph.node('Range', [graph.int64([0], []), sequenceLength(context), graph.int64([1], [])]);
  const keys = graph.node('Unsqueeze', [places, graph.int64([0])]);
  const queries = graph.node('Unsqueeze', [places, graph.int64([1])]);
  return graph.node('Sub', [keys, queries]);
}

/** One linear module: rows of `from` columns to rows of `to` columns. */
export function linear(
  { graph, source }: GraphContext,
  x: string,
  name: string,
  { from, to, hasBias = true }: { from: number; to: number; hasBias?: boolean },
): Promise<string> {
  return source.linear(graph, x, [{ name, to }], { from, hasBias });
}

/** Several linear modules on the same rows, side by side in one product. */
export function linears(
  { graph, source }: GraphContext,
  x: string,
  parts: readonly LinearPart[],
  { from, hasBias = true }: { from: number; hasBias?: boolean },
): Promise<string> {
  return source.linear(graph, x, parts, { from, hasBias });
}

/** The sum of two values. */
export function add({ graph }: GraphContext, a: string, b: string): string {
  return graph.node('Add', [a, b]);
}
