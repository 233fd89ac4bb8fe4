/** Turns pairs of texts into token ids and types, cut as Hugging Face's fast tokenizers cut them. */
import type { PreTrainedTokenizer } from '@huggingface/transformers';
import type { TransformerConfiguration } from '../configuration.ts';
import { withTokenizer } from '../model/tokenize.ts';

/** A pair as the model reads it. */
export interface TokenizedPair {
  readonly ids: Int32Array;
  /** 0 for the first text's tokens, 1 for the second's, where the tokenizer tells them apart. */
  readonly types: Int32Array;
}

/** Makes token ids of pairs. */
export interface PairTokenizer {
  /** Longest output in tokens. */
  readonly maxLength: number;
  encode(first: string, second: string): TokenizedPair;
}

/** The special tokens around two texts, and the type of each part. */
interface PairTemplate {
  readonly before: readonly number[];
  readonly between: readonly number[];
  readonly after: readonly number[];
  /** Types of the parts: before, first text, between, second text, after. */
  readonly types: readonly (readonly number[])[];
}

/**
 * Loads tokenizer.json of a model for pairs.
 *
 * @param mostTokens the longest pair that the model has positions for
 * @throws {ModelFormatError} when a file is missing or damaged, or its tokenizer joins no pairs
 */
export function loadPairTokenizer(
  configuration: TransformerConfiguration,
  mostTokens: number,
): Promise<PairTokenizer> {
  return withTokenizer(configuration, (tokenizer, settings) => {
    const { maxSeqLength, maxPositionEmbeddings = Number.POSITIVE_INFINITY } = configuration;
    const natural = maxSeqLength ?? Math.min(tokenizer.model_max_length, maxPositionEmbeddings);
    const names = settings.model_input_names;
    const hasTypes = !Array.isArray(names) || names.includes('token_type_ids');
    return createPairTokenizer(tokenizer, { maxLength: Math.min(natural, mostTokens), hasTypes });
  });
}

function createPairTokenizer(
  tokenizer: PreTrainedTokenizer,
  { maxLength, hasTypes }: { maxLength: number; hasTypes: boolean },
): PairTokenizer {
  const template = readTemplate(tokenizer);
  const { before, between, after, types } = template;
  const special = before.length + between.length + after.length;
  const plain = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  return {
    maxLength,
    encode(first, second) {
      const [a, b] = [plain(first), plain(second)];
      const [lengthA, lengthB] = pairLengths(a.length, b.length, maxLength - special);
      const ids = [...before, ...a.slice(0, lengthA), ...between, ...b.slice(0, lengthB), ...after];
      const lengths = [before.length, lengthA, between.length, lengthB, after.length];
      const typeOf = lengths.flatMap((length, part) =>
        Array.from({ length }, (_, i) => types[part]![Math.min(i, types[part]!.length - 1)] ?? 0),
      );
      return { ids: Int32Array.from(ids), types: Int32Array.from(hasTypes ? typeOf : ids.map(() => 0)) };
    },
  };
}

/** Joins a text with itself and looks at what stands around it. */
function readTemplate(tokenizer: PreTrainedTokenizer): PairTemplate {
  const plain = tokenizer.encode('a', { add_special_tokens: false });
  const joined = tokenizer('a', { text_pair: 'a', return_token_type_ids: true, return_tensor: false });
  const ids = joined.input_ids as number[];
  const types = (joined.token_type_ids as number[] | undefined) ?? ids.map(() => 0);
  const starts = ids.flatMap((_, i) => (plain.every((id, j) => ids[i + j] === id) ? [i] : []));
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined || first + plain.length > last) {
    throw new Error('it does not join two texts');
  }
  const cuts = [0, first, first + plain.length, last, last + plain.length, ids.length];
  const part = (values: readonly number[], i: number) => values.slice(cuts[i], cuts[i + 1]);
  return {
    before: part(ids, 0),
    between: part(ids, 2),
    after: part(ids, 4),
    types: [0, 1, 2, 3, 4].map((i) => part(types, i)),
  };
}

/**
 * How much of each text stays: the longer one is cut first, both to halves where even that is not enough.
 *
 * @example pairLengths(10, 3, 8); // [5, 3]
 * @see truncate_encodings (LongestFirst) in Hugging Face tokenizers
 */
export function pairLengths(first: number, second: number, most: number): [number, number] {
  if (first + second <= most) return [first, second];
  const room = Math.max(0, most);
  const shorter = Math.min(first, second);
  let longer = Math.max(shorter, room - shorter);
  let kept = shorter;
  if (shorter + longer > room) {
    kept = Math.floor(room / 2);
    longer = kept + (room % 2);
  }
  return first > second ? [longer, kept] : [kept, longer];
}
