/** A small model inside a page: unpacked from its bytes, it turns sentences into embeddings without any runtime. */
import { Tokenizer } from '@huggingface/tokenizers';
import { unpackTensors } from '../embeddings/encoder/plain/pack-tensors.ts';
import { longestSentence, type PlainModel } from '../embeddings/encoder/plain/plain-model.ts';
import { runPlainModel } from '../embeddings/encoder/plain/run-plain-model.ts';
import { countSpecialTokens, truncate } from '../embeddings/model/truncate.ts';
import { normalizeRows } from '../embeddings/modules/normalize.ts';
import { Pooling, type PoolingMode } from '../embeddings/modules/pooling.ts';

/** What a packed model holds. */
export interface PageModelData {
  readonly encoder: PlainModel;
  readonly pooling: readonly PoolingMode[];
  /** Whether embeddings get length 1. */
  readonly normalize: boolean;
  /** Tokens of the longest sentence. */
  readonly maxSeqLength: number;
  /** tokenizer.json and tokenizer_config.json. */
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
}

/** Encodes sentences one by one. */
export class PageModel {
  readonly #data: PageModelData;
  readonly #tokenizer: Tokenizer;
  readonly #pooling: Pooling;
  readonly #special: { before: number; after: number };

  /** @param packed the bytes that `packPageModel` has made, decompressed */
  constructor(packed: Uint8Array) {
    const data = unpackTensors(packed) as PageModelData;
    this.#data = data;
    this.#tokenizer = new Tokenizer(data.tokenizer, data.tokenizerConfig);
    this.#special = countSpecialTokens((text, withSpecial) => this.#idsOf(text, withSpecial));
    const { hiddenSize: tokenDimension } = data.encoder;
    this.#pooling = new Pooling({ tokenDimension, modes: data.pooling, includePrompt: true });
  }

  /** Token ids of a sentence, special tokens included, cut to what the model takes. */
  tokenize(sentence: string): Int32Array {
    const longest = Math.min(this.#data.maxSeqLength, longestSentence(this.#data.encoder));
    return Int32Array.from(truncate(this.#idsOf(sentence, true), longest, this.#special, 'right'));
  }

  /** @returns the sentence's embedding */
  encode(sentence: string): Float32Array {
    const ids = this.tokenize(sentence);
    const pooled = this.#pooling.apply(runPlainModel(this.#data.encoder, ids), [ids.length], 0);
    return this.#data.normalize ? normalizeRows(pooled, pooled.length) : pooled;
  }

  #idsOf(text: string, withSpecial: boolean): readonly number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: withSpecial }).ids;
  }
}
