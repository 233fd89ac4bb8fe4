/** Normalisation of rows: LayerNorm with or without bias, and RMSNorm. */
import type { GraphContext } from './context.ts';

/**
 * Layer normalisation over the last axis.
 *
 * @param name of `<name>.weight` and, where there is one, `<name>.bias`: [columns]
 * @see https://arxiv.org/abs/1607.06450
 */
export function layerNorm(
  { graph, source }: GraphContext,
  x: string,
  name: string,
  { columns, epsilon, hasBias = true }: { columns: number; epsilon: number; hasBias?: boolean },
): string {
  const parameters = [source.tensor(graph, `${name}.weight`, [columns])];
  if (hasBias) parameters.push(source.tensor(graph, `${name}.bias`, [columns]));
  return graph.node('LayerNormalization', [x, ...parameters], { axis: -1, epsilon: { float: epsilon } });
}

/**
 * Root mean square normalisation over the last axis.
 *
 * @param name of `<name>.weight`: [columns]
 * @param size added: what the family adds to the stored weight (Gemma stores weight − 1)
 * @see https://arxiv.org/abs/1910.07467
 */
export function rmsNorm(
  { graph, source }: GraphContext,
  x: string,
  name: string,
  { columns, epsilon, added = 0 }: { columns: number; epsilon: number; added?: number },
): string {
  const stored = source.tensor(graph, `${name}.weight`, [columns]);
  const weight = added === 0 ? stored : graph.node('Add', [stored, graph.scalar(added)]);
  const squares = graph.node('Pow', [x, graph.scalar(2)]);
  const mean = graph.node('ReduceMean', [squares, graph.int64([-1])], { keepdims: 1 });
  const root = graph.node('Sqrt', [graph.node('Add', [mean, graph.scalar(epsilon)])]);
  return graph.node('Mul', [graph.node('Div', [x, root]), weight]);
}
