/** What a family makes of a config.json: all that running its graph needs, and the way to write it. */
import type { GraphContext } from '../blocks/context.ts';

/** An encoder whose graph can be written. */
export interface EncoderPlan {
  /** Columns of the last hidden state. */
  readonly hiddenSize: number;
  /** Heads of the queries. */
  readonly heads: number;
  /** Rows of the word table: a token's id is below it. */
  readonly vocabularySize: number;
  /** The longest sentence, in tokens, for which the model has positions; Infinity where it needs none. */
  readonly maxTokens: number;
  /** The id that positions skip, where they count from the id after it; undefined where they count from 0. */
  readonly positionPadding: number | undefined;
  /** Rows of the token type table; without it, and with one row, every token is of one type. */
  readonly tokenTypes?: number;
  /** Whether the graph is told each token's type, as pairs of texts need it; else all are of type 0. */
  readonly hasTypes?: boolean;
  /** Weights in the layers' linear modules: each costs one multiplication a token. */
  readonly linearWeights: number;
  /** The word table's tensor: files may put a prefix before this name and all others. */
  readonly words: string;
  /** What stands before the layers' numbers, and how many layers config.json asks for. */
  readonly layers: { readonly prefix: string; readonly count: number; readonly key: string };
  /** Writes the blocks. @returns the last hidden state, [tokens, hiddenSize] */
  write(context: GraphContext): Promise<string>;
}
