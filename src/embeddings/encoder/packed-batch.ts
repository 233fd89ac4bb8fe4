/** Packs the sentences of a batch into what the graph is fed. */

/** What the graph needs to know of a model to place its tokens. */
export interface PackingRules {
  /** The id that positions skip, where they count from the id after it; undefined where they count from 0. */
  readonly positionPadding: number | undefined;
  readonly heads: number;
  /** Whether the graph is told each token's type. */
  readonly hasTypes?: boolean;
}

/** The feeds of one run, in the shapes that the graph's inputs have. */
export interface PackedBatch {
  /** Sentences in the batch. */
  readonly batch: number;
  /** Tokens of the longest one. */
  readonly sequence: number;
  /** Ids of every token, sentence after sentence, [tokens]. */
  readonly inputIds: Int32Array;
  /** [tokens] */
  readonly positionIds: Int32Array;
  /** The packed row of each place of the padded batch (row 0 for padding), [batch, 1, sequence]. */
  readonly padIndex: Int32Array;
  /** The place of each token in [batch, heads, sequence] for head 0, [tokens, 1]. */
  readonly unpadIndex: Int32Array;
  /** 0 for tokens, the lowest float32 for padding, [batch, 1, 1, sequence]. */
  readonly maskBias: Float32Array;
  /** The type of every token, [tokens], where the graph is told it. */
  readonly typeIds: Int32Array | undefined;
}

/** Added to the scores of padding, as the reference does: it leaves nothing after softmax. */
const LOWEST_FLOAT = -3.4028234663852886e38;

/**
 * Packs the sentences of one batch.
 *
 * @param sentences token ids of each; none empty
 * @param types token types of each; without them all are 0
 * @example
 * packBatch([Int32Array.of(7, 8, 9), Int32Array.of(5)], { positionPadding: undefined, heads: 2 })
 * // inputIds 7 8 9 5, positionIds 0 1 2 0, padIndex 0 1 2 3 0 0, unpadIndex 0 1 2 6
 */
export function packBatch(
  sentences: readonly Int32Array[],
  rules: PackingRules,
  types?: readonly Int32Array[],
): PackedBatch {
  const batch = sentences.length;
  const tokens = sentences.reduce((sum, ids) => sum + ids.length, 0);
  const sequence = sentences.reduce((longest, ids) => Math.max(longest, ids.length), 0);
  const packed: PackedBatch = {
    batch,
    sequence,
    inputIds: new Int32Array(tokens),
    positionIds: new Int32Array(tokens),
    padIndex: new Int32Array(batch * sequence),
    unpadIndex: new Int32Array(tokens),
    maskBias: new Float32Array(batch * sequence).fill(LOWEST_FLOAT),
    typeIds: rules.hasTypes ? new Int32Array(tokens) : undefined,
  };
  let row = 0;
  for (const [b, ids] of sentences.entries()) {
    packed.inputIds.set(ids, row);
    if (types) packed.typeIds?.set(types[b]!, row);
    packed.positionIds.set(positionsOf(ids, rules.positionPadding), row);
    packed.maskBias.fill(0, b * sequence, b * sequence + ids.length);
    for (let place = 0; place < ids.length; place++, row++) {
      packed.padIndex[b * sequence + place] = row;
      packed.unpadIndex[row] = b * rules.heads * sequence + place;
    }
  }
  return packed;
}

/**
 * The position of each token.
 * @see create_position_ids_from_input_ids in Hugging Face transformers: padding ids inside a text do not count
 */
export function positionsOf(ids: Int32Array, padding: number | undefined): Int32Array {
  if (padding === undefined) return Int32Array.from(ids, (_, place) => place);
  let count = 0;
  return Int32Array.from(ids, (id) => (id === padding ? padding : padding + ++count));
}
