/** The attention bias of T5 and MPNet: scores grow or shrink with the distance between two tokens, in buckets. */
import { distances, type GraphContext } from './context.ts';

/** Where the buckets end, unless the model says otherwise. */
export const DEFAULT_MAX_DISTANCE = 128;

/**
 * The bucket of a distance: half of them for either direction; near distances have one each, far ones share
 * logarithmically. Rounds to float32 where the reference does, so that no distance falls into a neighbour.
 *
 * @param distance key position minus query position
 * @param maxDistance distances from it on share the last bucket
 * @see T5Attention._relative_position_bucket and MPNetEncoder.relative_position_bucket in Hugging Face transformers
 */
export function relativeBucket(distance: number, buckets = 32, maxDistance = DEFAULT_MAX_DISTANCE): number {
  const half = buckets >> 1;
  const exact = half >> 1;
  const side = distance > 0 ? half : 0;
  const steps = Math.abs(distance);
  if (steps < exact) return side + steps;
  const f32 = Math.fround;
  const logarithm = f32(Math.log(f32(steps / exact)));
  const share = f32(f32(logarithm / f32(Math.log(maxDistance / exact))) * (half - exact));
  return side + Math.min(exact + Math.trunc(share), half - 1);
}

/**
 * Adds the bias to the graph.
 *
 * @param table the model's bias for each bucket and head, [buckets, heads]
 * @returns the bias, [1, heads, sequence, sequence]
 */
export function relativeBias(
  context: GraphContext,
  table: { readonly name: string; readonly buckets: number; readonly heads: number },
  maxDistance = DEFAULT_MAX_DISTANCE,
): string {
  const { graph, source } = context;
  const values = source.tensor(graph, table.name, [table.buckets, table.heads]);
  const bucketOf = Int32Array.from({ length: 2 * maxDistance + 1 }, (_, i) =>
    relativeBucket(i - maxDistance, table.buckets, maxDistance),
  );
  const near = graph.node('Clip', [
    distances(context),
    graph.int64([-maxDistance], []),
    graph.int64([maxDistance], []),
  ]);
  const index = graph.node('Add', [near, graph.int64([maxDistance], [])]);
  const bucket = graph.node('Gather', [graph.constant(bucketOf, [bucketOf.length]), index]);
  const byHead = graph.node('Transpose', [graph.node('Gather', [values, bucket])], { perm: [2, 0, 1] });
  return graph.node('Unsqueeze', [byHead, graph.int64([0])]);
}
