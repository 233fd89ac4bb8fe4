/** Scores pairs of texts together: slower than embeddings and more exact, to put the best of a search in order. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { readyBackend, tfjs } from '../backend.ts';
import type { SearchHit } from '../compare/semantic-search.ts';
import { requirePositiveInteger } from '../compare/transform-embeddings.ts';
import { readModelConfiguration } from '../configuration.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { loadPackedEncoder } from '../encoder/packed-encoder.ts';
import { UnsupportedModuleError } from '../errors.ts';
import { resolveModel } from '../hub/resolve.ts';
import { type JsonObject, readJsonObject } from '../json-file.ts';
import { requireKnownOptions } from '../known-options.ts';
import { type Dtype, resolveDtype } from '../weights/dtype.ts';
import { type Head, loadHead } from './heads.ts';
import { loadPairTokenizer, type PairTokenizer } from './pair-tokenizer.ts';
import { ACTIVATIONS, type Activation, readActivation, requireActivation, softmaxRows } from './scores.ts';

/** Two texts to be compared, such as a question and an answer. */
export type TextPair = readonly [first: string, second: string];

/** Options of `CrossEncoder.load()`. */
export interface CrossEncoderOptions {
  /** Precision of the weights: `fp32`, `fp16`, `q8`, or `auto`, which is fp32. Default: `auto`. */
  dtype?: Dtype;
  /** A branch, tag or commit of the model's repository. Default: `main`. */
  revision?: string;
  /** The Hugging Face cache. Default: as the environment says. */
  cacheDir?: string;
}

/** Options of `predict()`. */
export interface PredictOptions {
  /** Most pairs of a batch. Default: 64. */
  batchSize?: number;
  /** What is done to the logits: `Identity`, `Sigmoid` or `Tanh`. Default: as the model says. */
  activation?: Activation;
  /** Make the scores of several labels probabilities that sum to 1. Default: false. */
  applySoftmax?: boolean;
}

/** Options of `rank()`. */
export interface RankOptions {
  /** Documents to return. Default: all. */
  topK?: number;
  /** Return the documents' texts too. Default: false. */
  returnDocuments?: boolean;
  /** Most pairs of a batch. Default: 64. */
  batchSize?: number;
}

/** A document in its place. */
export interface RankedDocument extends SearchHit {
  /** The document, where it was asked for. */
  readonly text?: string;
}

const LOAD_OPTIONS = { dtype: true, revision: true, cacheDir: true } as const;
const PREDICT_OPTIONS = { batchSize: true, activation: true, applySoftmax: true } as const;
const RANK_OPTIONS = { topK: true, returnDocuments: true, batchSize: true } as const;
const DEFAULT_BATCH_SIZE = 64;

/**
 * A cross encoder of sentence-transformers.
 *
 * @example
 * const reranker = await CrossEncoder.load('cross-encoder/ms-marco-MiniLM-L6-v2');
 * const hits = await reranker.rank('What do dogs eat?', documents, { topK: 3 });
 * for (const { corpusId, score } of hits) console.log(score.toFixed(2), documents[corpusId]);
 * @see https://sbert.net/docs/cross_encoder/usage/usage.html
 */
export class CrossEncoder {
  /** The model that is loaded: the hub's id, or the folder. */
  readonly name: string;
  readonly #encoder: Encoder;
  readonly #tokenizer: PairTokenizer;
  readonly #head: Head;
  readonly #activation: Activation;

  private constructor(
    name: string,
    parts: { encoder: Encoder; tokenizer: PairTokenizer; head: Head; activation: Activation },
  ) {
    if (parts === undefined) {
      throw new TypeError("A model is loaded, not constructed: await CrossEncoder.load('name').");
    }
    this.name = name;
    this.#encoder = parts.encoder;
    this.#tokenizer = parts.tokenizer;
    this.#head = parts.head;
    this.#activation = parts.activation;
  }

  /**
   * Loads a model, downloading it when it is not on this machine.
   *
   * @param nameOrFolder `org/name`, or the path of a folder
   * @throws {ModelFormatError} when a file is missing or damaged, or the model scores no pairs
   * @throws {UnsupportedModuleError} when its family has no classifier here
   * @throws {InexactWeightsError} when 8 bits lose too much of this model
   * @example const reranker = await CrossEncoder.load('cross-encoder/ms-marco-MiniLM-L6-v2');
   */
  static async load(nameOrFolder: string, options: CrossEncoderOptions = {}): Promise<CrossEncoder> {
    requireKnownOptions(options, LOAD_OPTIONS, 'CrossEncoder.load()');
    const { dtype = 'auto', revision, cacheDir } = options;
    const precision = resolveDtype(dtype);
    const files = await resolveModel(nameOrFolder, { revision, cacheDir });
    const { transformer, modules } = await readModelConfiguration(files.folder);
    const other = modules.find(({ type }) => type !== 'Transformer');
    if (other !== undefined) throw noCrossEncoder(files.folder, other.type);
    const { folder } = transformer;
    const config: JsonObject = (await readJsonObject(folder, 'config.json')) ?? {};
    const encoder = await loadPackedEncoder(folder, { dtype: precision, isPaired: true });
    try {
      const head = await loadHead(folder, config, encoder.hiddenSize);
      const tokenizer = await loadPairTokenizer(transformer, encoder.maxTokens);
      const activation = readActivation(config, head.labels, folder);
      return new CrossEncoder(files.id, { encoder, tokenizer, head, activation });
    } catch (error) {
      await encoder.dispose();
      throw error;
    }
  }

  /** Scores of a pair: 1, or one for each label. */
  get labels(): number {
    return this.#head.labels;
  }

  /** Longest pair in tokens, special tokens included; of longer ones the longer text is cut. */
  get maxLength(): number {
    return this.#tokenizer.maxLength;
  }

  /**
   * Scores pairs of texts.
   *
   * @param pairs a list of pairs, or one pair
   * @returns [n], higher where the texts go together better; [n, labels] where there are several labels
   * @throws {TypeError} when something else than pairs of texts is given; it names the place
   * @throws {RangeError} when an option has no such value
   * @example const scores = await reranker.predict([['What do dogs eat?', 'Dogs eat meat.']]);
   * @see sentence_transformers.CrossEncoder.predict
   */
  async predict(
    pairs: TextPair | readonly TextPair[],
    options: PredictOptions = {},
  ): Promise<Tensor1D | Tensor2D> {
    requireKnownOptions(options, PREDICT_OPTIONS, 'predict()');
    const list = requirePairs(pairs);
    const { batchSize, activation = this.#activation } = options;
    const scores = await this.#score(list, batchSize, requireActivation(activation));
    const { labels } = this;
    if (options.applySoftmax && labels > 1) softmaxRows(scores, labels);
    await readyBackend();
    return labels === 1 ? tfjs().tensor1d(scores) : tfjs().tensor2d(scores, [list.length, labels]);
  }

  /**
   * Puts documents in the order in which they answer a query.
   *
   * @returns corpusId (the document's place in the list) and score, best first; of equal scores the first document
   * @throws {RangeError} when the model has several labels, or an option has no such value
   * @example const [best] = await reranker.rank('What do dogs eat?', ['Dogs eat meat.', 'Cows eat grass.']);
   * @see sentence_transformers.CrossEncoder.rank
   */
  async rank(
    query: string,
    documents: readonly string[],
    options: RankOptions = {},
  ): Promise<RankedDocument[]> {
    requireKnownOptions(options, RANK_OPTIONS, 'rank()');
    const { topK = Number.POSITIVE_INFINITY, returnDocuments = false, batchSize } = options;
    if (topK !== Number.POSITIVE_INFINITY) requirePositiveInteger(topK, 'topK');
    if (this.labels !== 1) {
      throw new RangeError(
        `${this.name} gives ${this.labels} scores for a pair, by which nothing can be ranked. Take predict().`,
      );
    }
    const scores = await this.#score(requirePairs(documents.map((document) => [query, document])), batchSize);
    const hits = Array.from(scores, (score, corpusId) => ({ corpusId, score }));
    hits.sort((a, b) => b.score - a.score || a.corpusId - b.corpusId);
    const best = hits.slice(0, topK);
    return returnDocuments ? best.map((hit) => ({ ...hit, text: documents[hit.corpusId]! })) : best;
  }

  /** Frees the model's memory; it cannot score afterwards. */
  async dispose(): Promise<void> {
    await this.#encoder.dispose();
  }

  /** @returns [pairs, labels], behind the activation */
  async #score(
    pairs: readonly TextPair[],
    batchSize = DEFAULT_BATCH_SIZE,
    activation = this.#activation,
  ): Promise<Float32Array> {
    requirePositiveInteger(batchSize, 'batchSize');
    const tokenized = pairs.map(([first, second]) => this.#tokenizer.encode(first, second));
    const { labels } = this;
    const scores = new Float32Array(pairs.length * labels);
    const lengths = tokenized.map(({ ids }) => ids.length);
    for (const batch of this.#encoder.planBatches(lengths, batchSize)) {
      const rows = await this.#encoder.run(
        batch.map((i) => tokenized[i]!.ids),
        batch.map((i) => tokenized[i]!.types),
      );
      const pooled = this.#pool(
        rows,
        batch.map((i) => lengths[i]!),
      );
      const logits = this.#head.apply(pooled, batch.length);
      batch.forEach((pair, i) => {
        scores.set(logits.subarray(i * labels, (i + 1) * labels), pair * labels);
      });
    }
    const broken = scores.findIndex(Number.isNaN);
    if (broken >= 0) {
      throw new Error(
        `The score of pair ${Math.floor(broken / labels)} is NaN: the weights are damaged. Download the model again.`,
      );
    }
    return scores.map(ACTIVATIONS[activation]);
  }

  #pool(rows: Float32Array, lengths: readonly number[]): Float32Array {
    const columns = this.#encoder.hiddenSize;
    const pooled = new Float32Array(lengths.length * columns);
    let start = 0;
    lengths.forEach((length, i) => {
      const used = this.#head.pooling === 'cls' ? 1 : length;
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let token = 0; token < used; token++) sum += rows[(start + token) * columns + column]!;
        pooled[i * columns + column] = sum / used;
      }
      start += length;
    });
    return pooled;
  }
}

function noCrossEncoder(folder: string, module: string): UnsupportedModuleError {
  return new UnsupportedModuleError(
    `${folder} has the module ${module}, which no cross encoder has. Load it with SentenceTransformer.load().`,
    { module, folder },
  );
}

/** The pairs of a call, as a list. */
function requirePairs(pairs: unknown): readonly TextPair[] {
  if (!Array.isArray(pairs))
    throw new TypeError("Cannot score this. Give a list of pairs: [['query', 'document'], …].");
  const isPair = (value: unknown) =>
    Array.isArray(value) && value.length === 2 && value.every((text) => typeof text === 'string');
  if (isPair(pairs)) return [pairs as unknown as TextPair];
  const wrong = pairs.findIndex((pair) => !isPair(pair));
  if (wrong < 0) return pairs;
  throw new TypeError(`Cannot score pair ${wrong}: it is not two texts. Give ['query', 'document'].`);
}
