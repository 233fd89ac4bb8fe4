/** The rows that tokens begin with: words, positions, token types. */
import { type GraphContext, linear } from './context.ts';
import { layerNorm } from './norms.ts';

/** A table of embeddings. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
}

/** The row of each token's id. */
export function wordRows({ graph, source, inputs }: GraphContext, { name, rows, columns }: Table): string {
  return source.rows(graph, name, [rows, columns], inputs.inputIds);
}

/** What BERT's kin sum and normalise. */
export interface BertEmbeddings {
  /** The tables' names: `<prefix>.word_embeddings.weight` and so on. */
  readonly prefix: string;
  readonly vocabulary: number;
  /** Rows of the position table; 0 where there is none. */
  readonly positions: number;
  /** Rows of the token type table; 0 where there is none. */
  readonly tokenTypes: number;
  readonly columns: number;
  readonly norm: string;
  readonly epsilon: number;
}

/** Word, position and token type embeddings, summed and normalised; untold, every token is of type 0. */
export function bertEmbeddings(context: GraphContext, options: BertEmbeddings): string {
  const { graph, source, inputs } = context;
  const { prefix, columns, norm, epsilon } = options;
  const table = (kind: string, rows: number, index: string) =>
    source.rows(graph, `${prefix}.${kind}_embeddings.weight`, [rows, columns], index);
  let sum = table('word', options.vocabulary, inputs.inputIds);
  if (options.tokenTypes > 0) {
    sum = graph.node('Add', [
      sum,
      table('token_type', options.tokenTypes, inputs.typeIds ?? graph.int64([0], [])),
    ]);
  }
  if (options.positions > 0) {
    sum = graph.node('Add', [sum, table('position', options.positions, inputs.positionIds)]);
  }
  return layerNorm(context, sum, norm, { columns, epsilon });
}

/** Narrower embeddings to the layers' width, where they differ. */
export async function widen(
  context: GraphContext,
  rows: string,
  name: string,
  { from, to }: { from: number; to: number },
): Promise<string> {
  return from === to ? rows : linear(context, rows, name, { from, to });
}
