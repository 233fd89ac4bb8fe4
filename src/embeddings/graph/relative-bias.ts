/** MPNet's attention bias: scores grow or shrink with the distance between two tokens, in buckets. */
import type { GraphBuilder } from './graph.ts';

const MAX_DISTANCE = 128;

/**
 * The bucket of a distance: half of them for either direction; near distances have one each, far ones share
 * logarithmically. Rounds to float32 where the reference does, so that no distance falls into a neighbour.
 *
 * @param distance key position minus query position
 * @see MPNetEncoder.relative_position_bucket in Hugging Face transformers (after T5)
 */
export function relativeBucket(distance: number, buckets = 32): number {
  const half = buckets >> 1;
  const exact = half >> 1;
  const side = distance > 0 ? half : 0;
  const steps = Math.abs(distance);
  if (steps < exact) return side + steps;
  const f32 = Math.fround;
  const logarithm = f32(Math.log(f32(steps / exact)));
  const share = f32(f32(logarithm / f32(Math.log(MAX_DISTANCE / exact))) * (half - exact));
  return side + Math.min(exact + Math.trunc(share), half - 1);
}

/**
 * Adds the bias to the graph.
 *
 * @param table the model's bias for each bucket and head, [buckets, heads]
 * @param length the batch's longest sentence, an int64 scalar
 * @param maxTokens the longest sentence there can be
 * @returns the bias, [1, heads, length, length]
 */
export function relativeBias(
  graph: GraphBuilder,
  table: string,
  length: string,
  { buckets, maxTokens }: { buckets: number; maxTokens: number },
): string {
  const bucketOf = Int32Array.from({ length: 2 * maxTokens + 1 }, (_, i) =>
    relativeBucket(i - maxTokens, buckets),
  );
  const places = graph.node('Range', [graph.int64([0], []), length, graph.int64([1], [])]);
  const keys = graph.node('Unsqueeze', [places, graph.int64([0])]);
  const queries = graph.node('Unsqueeze', [places, graph.int64([1])]);
  const index = graph.node('Add', [graph.node('Sub', [keys, queries]), graph.int64([maxTokens], [])]);
  const bucket = graph.node('Gather', [graph.constant(bucketOf, [bucketOf.length]), index]);
  const byHead = graph.node('Transpose', [graph.node('Gather', [table, bucket])], { perm: [2, 0, 1] });
  return graph.node('Unsqueeze', [byHead, graph.int64([0])]);
}
