/** Which keys a query sees: all of its sentence, those before it, those near it. */
import { distances, type GraphContext } from './context.ts';

/** Added to the score of a key that is not seen: it leaves nothing after softmax. */
const LOWEST_FLOAT = -3.4028234663852886e38;

/** What a query sees of its own sentence. */
export interface Sight {
  /** Only keys at its own place and before. */
  readonly isCausal?: boolean;
  /** Only keys that are at most so many places away; undefined: at any distance. */
  readonly reach?: number | undefined;
}

/** The bias of the scores: 0 for keys that are seen, the lowest float for the others and for padding. */
export function maskBias(context: GraphContext, { isCausal = false, reach }: Sight = {}): string {
  const { graph, inputs } = context;
  if (!isCausal && reach === undefined) return inputs.maskBias;
  const distance = distances(context);
  const rules: string[] = [];
  if (isCausal) rules.push(graph.node('LessOrEqual', [distance, graph.int64([0], [])]));
  if (reach !== undefined) {
    rules.push(graph.node('LessOrEqual', [graph.node('Abs', [distance]), graph.int64([reach], [])]));
  }
  const isSeen = rules.reduce((a, b) => graph.node('And', [a, b]));
  const bias = graph.node('Where', [isSeen, graph.scalar(0), graph.scalar(LOWEST_FLOAT)]);
  return graph.node('Add', [inputs.maskBias, bias]);
}
