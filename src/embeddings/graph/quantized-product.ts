/** A linear module's product in 8 bits: whole numbers in between, so that every processor gives the same. */
import { columnSums, quantizeMatrix, takeColumns } from '../weights/quantize-matrix.ts';
import { DataType, type GraphBuilder } from './onnx/graph.ts';

/** Steps between the lowest and the highest number of a row: one less than 8 bits have, for both ends are rounded. */
const STEPS = 254;
const HIGHEST = 255;
/** Taken from what is multiplied, so that it has either sign. */
const MIDDLE = 128;
/** Least step of a row, so that a row of zeros is not divided by zero. */
const LEAST = 1e-30;

/** A linear module whose product is computed in 8 bits. */
export interface QuantizedLinear {
  /** Whole numbers, [from, to]; zeros for the outliers. */
  readonly values: Int8Array;
  /** Value of a whole number, for each unit of the output. */
  readonly scales: Float32Array;
  /** The inputs whose weights stay in float32: those that reach far beyond the others. */
  readonly outliers: Int32Array;
  /** In float32, [rows, to]: the outliers' weights, what an input of ones gives and, where there is one, the bias. */
  readonly aside: Float32Array;
}

/**
 * Quantises a linear module.
 *
 * @param weight [to, from], row-major; is changed
 * @param bias [to], if there is one
 * @param outliers the numbers of the inputs to keep in float32
 */
export function quantizeLinear(
  weight: Float32Array,
  { from, bias, outliers }: { from: number; bias: Float32Array | undefined; outliers: Int32Array },
): QuantizedLinear {
  const size = { rows: weight.length / from, columns: from };
  const kept = takeColumns(weight, size, outliers);
  const matrix = quantizeMatrix(weight, size);
  const aside = [kept, columnSums(matrix), bias ?? new Float32Array(0)];
  return { ...matrix, outliers, aside: Float32Array.from(aside.flatMap((part) => [...part])) };
}

/** The values of the graph that a product needs beside its input. */
export interface QuantizedOperands {
  /** int8 [from, to] */
  readonly matrix: string;
  /** [to] */
  readonly scales: string;
  /** int32 [outliers] */
  readonly outliers: string;
  /** 0 for the outliers, 1 for the other inputs, [from]. */
  readonly mask: string;
  /** [rows, to] */
  readonly aside: string;
  readonly hasBias: boolean;
}

/** Adds what a product needs to the graph. @param matrix the graph's name of `linear.values` */
export function quantizedOperands(
  graph: GraphBuilder,
  matrix: string,
  { values, scales, outliers, aside }: QuantizedLinear,
): QuantizedOperands {
  const to = scales.length;
  const mask = new Float32Array(values.length / to).fill(1);
  for (const input of outliers) mask[input] = 0;
  const rows = aside.length / to;
  return {
    matrix,
    scales: graph.constant(scales, [to]),
    outliers: graph.constant(outliers, [outliers.length]),
    mask: graph.constant(mask, [mask.length]),
    aside: graph.constant(aside, [rows, to]),
    hasBias: rows === outliers.length + 2,
  };
}

/**
 * Adds x · weightᵀ + bias to the graph. Each row of x has a scale and a zero point of its own, so that no row costs
 * another its exactness, and a sentence gives the same numbers in every batch. The few inputs that reach far beyond
 * the others are multiplied in float32: they would leave the others no steps.
 *
 * With step s and zero point z, x ≈ s (q − z) = s (q − 128) + s (128 − z): a product of whole numbers, and the second
 * term times what an input of ones gives.
 *
 * @param x float [rows, from]
 * @returns float [rows, to]
 * @see https://arxiv.org/abs/2208.07339 (LLM.int8(): outliers in higher precision)
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (MatMulIntegerToFloat)
 */
export function quantizedProduct(graph: GraphBuilder, x: string, operands: QuantizedOperands): string {
  const inner = graph.node('Mul', [x, operands.mask]);
  const { step, zeroPoint } = rowSteps(graph, inner);
  const flat = (value: string) => graph.node('Reshape', [value, graph.int64([-1])]);
  const zeroPoints = graph.node('Cast', [flat(zeroPoint)], { to: DataType.uint8 });
  const whole = graph.node('QuantizeLinear', [inner, flat(step), zeroPoints], { axis: 0 });
  const middle = graph.constant(Uint8Array.of(MIDDLE), []);
  const factors = [whole, operands.matrix, graph.scalar(1), operands.scales, middle];
  const product = graph.node('Mul', [graph.microsoftNode('MatMulIntegerToFloat', factors), step]);

  const outer = graph.node('Gather', [x, operands.outliers], { axis: 1 });
  const offset = graph.node('Mul', [graph.node('Sub', [graph.scalar(MIDDLE), zeroPoint]), step]);
  const one = operands.hasBias ? [graph.node('Div', [step, step])] : [];
  const beside = graph.node('Concat', [outer, offset, ...one], { axis: 1 });
  return graph.node('Gemm', [beside, operands.aside, product]);
}

/** The step of each row, and the whole number that stands for 0 in it, which its range always holds; [rows, 1]. */
function rowSteps(graph: GraphBuilder, x: string): { step: string; zeroPoint: string } {
  const axis = graph.int64([-1]);
  const zero = graph.scalar(0);
  const highest = graph.node('Max', [graph.node('ReduceMax', [x, axis]), zero]);
  const lowest = graph.node('Min', [graph.node('ReduceMin', [x, axis]), zero]);
  const range = graph.node('Sub', [highest, lowest]);
  const step = graph.node('Max', [graph.node('Mul', [range, graph.scalar(1 / STEPS)]), graph.scalar(LEAST)]);
  const rounded = graph.node('Round', [graph.node('Div', [graph.node('Neg', [lowest]), step])]);
  const zeroPoint = graph.node('Clip', [rounded, zero, graph.scalar(HIGHEST)]);
  return { step, zeroPoint };
}
