/** DeBERTa's scores of contents with positions: how far a key stands from a query has an embedding of its own. */
import { distances, type GraphContext } from './context.ts';

/** How distances become rows of the relative table. */
export interface RelativeRule {
  /** Half of the table's rows: distances in one direction. */
  readonly span: number;
  /** Distances from it on are taken as this one. */
  readonly maxDistance: number;
  /** Whether far distances share rows, logarithmically. */
  readonly hasBuckets: boolean;
}

/**
 * The row of the table for a query that stands `distance` places after its key; rounded to float32 where the
 * reference does.
 *
 * @see make_log_bucket_position in DebertaV2 of Hugging Face transformers
 */
export function relativeRow(distance: number, { span, maxDistance, hasBuckets }: RelativeRule): number {
  const place = hasBuckets ? logBucket(distance, span, maxDistance) : distance;
  return Math.min(2 * span - 1, Math.max(0, place + span));
}

function logBucket(distance: number, buckets: number, maxDistance: number): number {
  const middle = buckets >> 1;
  const steps = Math.abs(distance);
  if (steps <= middle) return distance;
  const f32 = Math.fround;
  const share = f32(f32(Math.log(f32(steps / middle))) / f32(Math.log(f32((maxDistance - 1) / middle))));
  return Math.sign(distance) * (Math.ceil(f32(share * (middle - 1))) + middle);
}

/** The rows for all queries and keys of a batch: int64 [sequence, sequence]. */
export function relativeRows(context: GraphContext, rule: RelativeRule): string {
  const { graph } = context;
  const { maxDistance } = rule;
  // Distances come as key minus query, the rule speaks of query minus key.
  const rows = Array.from({ length: 2 * maxDistance + 1 }, (_, i) => relativeRow(maxDistance - i, rule));
  const limits = [graph.int64([-maxDistance], []), graph.int64([maxDistance], [])];
  const near = graph.node('Clip', [distances(context), ...limits]);
  return graph.node('Gather', [graph.int64(rows), graph.node('Add', [near, limits[1]!])]);
}

/**
 * The scores of queries with the positions of keys, or of keys with those of queries.
 *
 * @param contents queries or keys, [batch, heads, sequence, headSize]
 * @param positions the table's rows, projected: [rows, heads × headSize]
 * @param rows of {@link relativeRows}, [sequence, sequence]
 * @returns [batch, heads, contents, partners]
 */
export function positionScores(
  { graph }: GraphContext,
  contents: string,
  positions: string,
  rows: string,
  { heads, headSize }: { heads: number; headSize: number },
): string {
  const perHead = graph.node('Reshape', [positions, graph.int64([-1, heads, headSize])]);
  const columns = graph.node('Transpose', [perHead], { perm: [1, 2, 0] });
  const scores = graph.node('MatMul', [contents, columns]);
  const shape = graph.node('Shape', [contents]);
  const slice = (from: number, to: number) =>
    graph.node('Slice', [shape, graph.int64([from]), graph.int64([to])]);
  const wanted = graph.node('Concat', [slice(0, 3), slice(2, 3)], { axis: 0 });
  return graph.node('GatherElements', [scores, graph.node('Expand', [rows, wanted])], { axis: 3 });
}
