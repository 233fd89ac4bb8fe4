/** Where a graph takes a model's tensors from. */
import type { GraphBuilder } from './graph.ts';

/** Gives the graph a tensor as the graph computes with it. */
export interface TensorSource {
  /** A whole tensor in float32. */
  tensor(graph: GraphBuilder, name: string, shape: readonly number[]): string;
  /** Some rows of a table, in float32. @param index the rows' numbers, of any shape */
  rows(graph: GraphBuilder, name: string, shape: readonly number[], index: string): string;
  /** x · weightᵀ + bias for one linear module, or for several side by side in one product. */
  linear(graph: GraphBuilder, x: string, parts: readonly LinearPart[], size: LinearSize): Promise<string>;
}

/** One linear module: `<name>.weight` [to, from] and, where it has one, `<name>.bias` [to]. */
export interface LinearPart {
  readonly name: string;
  /** Columns that come out. */
  readonly to: number;
}

/** What linear modules side by side have in common. */
export interface LinearSize {
  /** Columns that go in. */
  readonly from: number;
  readonly hasBias: boolean;
}

/** What several linear modules side by side are called together. */
export function linearName(parts: readonly LinearPart[]): string {
  return parts.map(({ name }) => name).join('+');
}
