/** The model a notebook works with: loads any sentence-transformers model and makes embeddings of sentences. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { rememberSentences } from '../../text/sentence-memory.ts';
import { readyBackend, tfjs } from '../backend.ts';
import type { Embeddings } from '../compare/embedding-values.ts';
import { quantizeEmbeddings, requirePrecision } from '../compare/quantize-embeddings.ts';
import { requireSimilarity, SIMILARITIES } from '../compare/similarity.ts';
import { requirePositiveInteger } from '../compare/transform-embeddings.ts';
import { type ModelConfiguration, readModelConfiguration, type SimilarityName } from '../configuration.ts';
import { resolveModel } from '../hub/resolve.ts';
import { requireKnownOptions } from '../known-options.ts';
import { normalizeRows } from '../modules/normalize.ts';
import { ProgressBar } from '../progress.ts';
import { type MimeData, notebookPublisher, publishNotice } from '../publish.ts';
import { type ConnectOptions, connectModel, findOnServer, type RemoteModel } from '../remote/remote-model.ts';
import type { WeightsDtype } from '../weights/dtype.ts';
import {
  embedSentences,
  embedTokens,
  type ModelParts,
  type OnBatch,
  outputDimension,
  tokenizeSentences,
} from './encode.ts';
import { requireSentences } from './encode-input.ts';
import { type EncodedBatch, encodeStream, type SentenceSource, type StreamOptions } from './encode-stream.ts';
import { describeAgreement, loadParts } from './load-parts.ts';
import { formatModuleTree } from './module-tree.ts';
import {
  type ArrayEncodeOptions,
  CONNECT_OPTIONS,
  ENCODE_OPTIONS,
  ENCODE_TOKENS_OPTIONS,
  type EncodeOptions,
  LOAD_OPTIONS,
  type LoadOptions,
} from './options.ts';
import type { Token } from './tokenize.ts';

const DEFAULT_BATCH_SIZE = 64;

/** A model in this process. */
interface LocalModel {
  readonly configuration: ModelConfiguration;
  readonly parts: ModelParts;
}

/** How long work must last before a bar shows itself. */
const BAR_DELAY_MS = 1000;

/**
 * A sentence-transformers model.
 *
 * @example
 * const model = await SentenceTransformer.load('all-mpnet-base-v2', { standIn: true });
 * const embeddings = await model.encode(['A dog barks.', 'A hound bays.']);
 * const similarities = model.similarity(embeddings, embeddings); // Tensor2D [2, 2]
 * @see https://sbert.net, sentence_transformers.SentenceTransformer
 */
export class SentenceTransformer {
  /** The model that is really loaded: the hub's id, a stand-in's own id, or the folder. */
  readonly name: string;
  /** The model that was asked for, where a stand-in was loaded in its place. */
  readonly standInFor: string | undefined;
  /** Texts to put before a sentence, by name. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly defaultPromptName: string | undefined;
  /** What {@link similarity} computes. */
  readonly similarityFnName: SimilarityName;
  readonly #source: LocalModel | RemoteModel;
  readonly #truncateDim: number | undefined;
  #disposed = false;

  private constructor(
    identity: { name: string; standInFor: string | undefined },
    source: LocalModel | RemoteModel,
    options: LoadOptions,
  ) {
    if (identity === undefined || source === undefined) {
      throw new TypeError("A model is loaded, not constructed: await SentenceTransformer.load('name').");
    }
    this.name = identity.name;
    this.standInFor = identity.standInFor;
    const configuration: Partial<ModelConfiguration> &
      Pick<ModelConfiguration, 'prompts' | 'similarityFnName'> =
      'parts' in source ? source.configuration : source;
    this.prompts = { ...configuration.prompts, ...options.prompts };
    this.defaultPromptName = options.defaultPromptName ?? configuration.defaultPromptName;
    this.similarityFnName = options.similarityFnName ?? configuration.similarityFnName;
    this.#source = source;
    this.#truncateDim = options.truncateDim ?? configuration.truncateDim;
    if (this.defaultPromptName !== undefined) this.#promptNamed(this.defaultPromptName);
  }

  /**
   * Loads a model, downloading it when it is not on this machine.
   *
   * @param nameOrFolder `name` (of sentence-transformers), `org/name`, or the path of a folder
   * @throws {ModelNotFoundError} when the hub knows no such model
   * @throws {HubUnreachableError} when the model is neither on this machine nor to be had
   * @throws {ModelFormatError} when a file of the model is missing or damaged
   * @throws {UnsupportedModuleError} when the model has a module that cannot run here
   * @throws {InexactWeightsError} when 8 bits lose too much of the model
   * @throws {NonFiniteWeightsError} when a tensor of the weights holds NaN or infinity
   * @throws {RangeError} when an option has no such value
   * @example const model = await SentenceTransformer.load('bert-base-nli-mean-tokens');
   */
  static async load(nameOrFolder: string, options: LoadOptions = {}): Promise<SentenceTransformer> {
    requireKnownOptions(options, LOAD_OPTIONS, 'SentenceTransformer.load()');
    if (options.truncateDim !== undefined) requirePositiveInteger(options.truncateDim, 'truncateDim');
    if (options.similarityFnName !== undefined) requireSimilarity(options.similarityFnName);
    const served = saysHowToLoad(options) ? undefined : await findOnServer(nameOrFolder);
    if (served) {
      publishNotice(`${served.name} runs at ${served.url} (TSBERT_SERVER).`);
      return SentenceTransformer.#remote(served, options);
    }
    const { standIn, revision, cacheDir } = options;
    const files = await resolveModel(nameOrFolder, { standIn, revision, cacheDir });
    const configuration = await readModelConfiguration(files.folder);
    if (configuration.modules.length === 0) {
      publishNotice(`${files.id} has no modules.json: its embeddings are the mean of its token embeddings.`);
    }
    const parts = await loadParts(configuration, options);
    const { agreement } = parts.encoder;
    if (agreement) publishNotice(describeAgreement(files.id, agreement));
    await readyBackend();
    const identity = { name: files.id, standInFor: files.isStandIn ? nameOrFolder : undefined };
    return new SentenceTransformer(identity, { configuration, parts }, options);
  }

  /**
   * Uses a model that a server holds: nothing is loaded here, and every text is sent there.
   *
   * The server is `tsbert serve`, text-embeddings-inference, or any that speaks OpenAI's embeddings (vLLM, Ollama,
   * OpenAI). The first two give what the model itself gives; the others give what they give, scaled or not.
   *
   * @param url such as `http://127.0.0.1:8080`
   * @throws {ServerUnreachableError} when nothing answers there
   * @throws {ServerAnswerError} when it is no server of embeddings, refuses, or has no such model
   * @throws {TypeError} when the address is none
   */
  static async connect(
    url: string,
    options: ConnectOptions &
      Pick<LoadOptions, 'truncateDim' | 'prompts' | 'defaultPromptName' | 'similarityFnName'> = {},
  ): Promise<SentenceTransformer> {
    requireKnownOptions(options, CONNECT_OPTIONS, 'SentenceTransformer.connect()');
    const { model, apiKey, ...others } = options;
    const source = await connectModel(url, { ...(model && { model }), ...(apiKey && { apiKey }) });
    return SentenceTransformer.#remote(source, others);
  }

  static async #remote(source: RemoteModel, options: LoadOptions): Promise<SentenceTransformer> {
    if (options.truncateDim !== undefined) requirePositiveInteger(options.truncateDim, 'truncateDim');
    if (options.similarityFnName !== undefined) requireSimilarity(options.similarityFnName);
    await readyBackend();
    return new SentenceTransformer({ name: source.name, standInFor: undefined }, source, options);
  }

  /** Longest input in tokens, special tokens included; the rest of a longer text is not read. */
  get maxSeqLength(): number {
    return 'parts' in this.#source ? this.#source.parts.tokenizer.maxSeqLength : this.#source.maxSeqLength;
  }

  /** @throws {RangeError} when it is not a whole number above 0, or more than the model was made for */
  set maxSeqLength(tokens: number) {
    requirePositiveInteger(tokens, 'maxSeqLength');
    const { maxTokens } = this.#parts.encoder;
    if (tokens > maxTokens) {
      throw new RangeError(
        `maxSeqLength is ${tokens}, and the model reads ${maxTokens} tokens at most. Give fewer.`,
      );
    }
    this.#parts.tokenizer.maxSeqLength = tokens;
  }

  /** Precision of the weights that were loaded here: where `auto` was asked for, the one it took. */
  get dtype(): WeightsDtype {
    return this.#parts.encoder.dtype;
  }

  /** Columns of an embedding. */
  get embeddingDimension(): number {
    return Math.min(this.#truncateDim ?? Number.POSITIVE_INFINITY, this.#fullDimension);
  }

  /**
   * Makes an embedding of each sentence.
   *
   * @param sentences one sentence, or a list, a set or a generator of them; none give [0, embeddingDimension]
   * @returns [n, embeddingDimension], in the order of the sentences; one sentence gives [1, embeddingDimension];
   *   lists of numbers with `as: 'array'`
   * @throws {TypeError} when something else than text is given
   * @throws {RangeError} when an option has no such value
   * @throws {NaNEmbeddingError} when the model's weights hold NaN
   * @example
   * const embeddings = await model.encode(['She swims.', 'He sleeps.']);
   * const rows = await model.encode(['She swims.', 'He sleeps.'], { as: 'array' });
   * rows.length; // 2
   * @see sentence_transformers.SentenceTransformer.encode
   */
  encode(sentences: string | Iterable<string>, options: ArrayEncodeOptions): Promise<number[][]>;
  encode(sentences: string | Iterable<string>, options?: EncodeOptions): Promise<Tensor2D>;
  async encode(
    sentences: string | Iterable<string>,
    options: EncodeOptions | ArrayEncodeOptions = {},
  ): Promise<Tensor2D | number[][]> {
    requireKnownOptions(options, ENCODE_OPTIONS, 'encode()');
    const { as = 'tensor' } = options;
    if (as !== 'tensor' && as !== 'array') {
      throw new RangeError(`There are no embeddings as '${as}'. Choose one of tensor, array.`);
    }
    const embeddings = await this.#encode(sentences, { ...options, as: 'tensor' });
    if (as === 'tensor') return embeddings;
    const rows = await embeddings.array();
    embeddings.dispose();
    return rows;
  }

  async #encode(sentences: string | Iterable<string>, options: EncodeOptions): Promise<Tensor2D> {
    const { precision = 'float32', truncateDim = this.#truncateDim } = options;
    requirePrecision(precision);
    if (truncateDim !== undefined) requirePositiveInteger(truncateDim, 'truncateDim');
    const { list, values } = await this.#run(sentences, options, (...texts) => this.#embed(...texts));
    const full = this.#fullDimension;
    const dim = Math.min(full, truncateDim ?? full);
    const rows = dim === full ? values : firstColumns(values, full, dim);
    if (options.normalizeEmbeddings) normalizeRows(rows, dim);
    await readyBackend();
    const embeddings = tfjs().tensor2d(rows, [list.length, dim]);
    if (precision === 'float32') {
      const isPlain = dim === full && this.#promptOf(options) === '';
      return rememberSentences(embeddings, list, isPlain ? this.name : undefined);
    }
    const quantized = quantizeEmbeddings(embeddings, precision);
    embeddings.dispose();
    return rememberSentences(quantized, list);
  }

  /**
   * Encodes sentences as they come, and hands out batch by batch: memory stays flat, however many there are.
   *
   * @param source sentences, or `{ id, text }`: a list, a Set, a generator, an async iterable such as a file's lines
   * @throws {TypeError} when the source is no such thing, or holds something else
   * @throws {RangeError} when an option has no such value
   * @throws the signal's reason once it is aborted
   * @example
   * const index = new EmbeddingIndex({ dimension: model.embeddingDimension });
   * for await (const { ids, sentences: texts, embeddings } of model.encodeStream(sentences, { batchSize: 2 })) {
   *   await index.add(embeddings, { ids, metadata: texts });
   * }
   */
  encodeStream(
    source: SentenceSource,
    options: StreamOptions = {},
  ): AsyncGenerator<EncodedBatch, void, undefined> {
    return encodeStream(this, source, options);
  }

  /**
   * Makes an embedding of each token of each sentence, special tokens included.
   *
   * @param sentences one sentence or a list of them
   * @returns for each sentence [tokens, hidden size]
   * @throws {TypeError} when something else than text is given
   * @throws {RangeError} when an option has no such value
   * @throws {NaNEmbeddingError} when the model's weights hold NaN
   * @example const [tokens] = await model.encodeTokens('She swims.');
   * @see sentence_transformers.SentenceTransformer.encode with output_value='token_embeddings'
   */
  async encodeTokens(
    sentences: string | Iterable<string>,
    options: Pick<EncodeOptions, 'batchSize' | 'showProgressBar' | 'prompt' | 'promptName'> = {},
  ): Promise<Tensor2D[]> {
    requireKnownOptions(options, ENCODE_TOKENS_OPTIONS, 'encodeTokens()');
    const parts = this.#parts;
    const { values } = await this.#run(sentences, options, async (texts, prompt, batchSize, onBatch) =>
      embedTokens(parts, await tokenizeSentences(parts.tokenizer, texts, prompt), batchSize, onBatch),
    );
    const { hiddenSize } = parts.encoder;
    await readyBackend();
    return values.map((rows) => tfjs().tensor2d(rows, [rows.length / hiddenSize, hiddenSize]));
  }

  /**
   * How the model reads a text: its tokens, in order, special ones included; what is longer than `maxSeqLength` is
   * left out.
   *
   * @throws {TypeError} when something else than a text is given
   * @example model.tokenize('flossing').map(({ text }) => text); // ['<s>', 'fl', '##oss', '##ing', '</s>']
   */
  tokenize(text: string): Token[] {
    if (typeof text !== 'string') throw new TypeError(`tokenize() takes one text, not ${typeof text}.`);
    return this.#parts.tokenizer.tokens(text);
  }

  /**
   * {@link encode} for what is searched with: puts the model's prompt `query` before each sentence.
   *
   * @returns [n, embeddingDimension]
   * @example const query = await model.encodeQuery('What do dogs eat?');
   * @see sentence_transformers.SentenceTransformer.encode_query
   */
  encodeQuery(sentences: string | Iterable<string>, options: ArrayEncodeOptions): Promise<number[][]>;
  encodeQuery(sentences: string | Iterable<string>, options?: EncodeOptions): Promise<Tensor2D>;
  encodeQuery(
    sentences: string | Iterable<string>,
    options: EncodeOptions | ArrayEncodeOptions = {},
  ): Promise<Tensor2D | number[][]> {
    return this.encode(sentences, { promptName: 'query', ...options } as EncodeOptions);
  }

  /**
   * {@link encode} for what is searched in: puts the model's prompt `document` before each sentence.
   *
   * @returns [n, embeddingDimension]
   * @example const documents = await model.encodeDocument(['Dogs eat meat.', 'Cows eat grass.']);
   * @see sentence_transformers.SentenceTransformer.encode_document
   */
  encodeDocument(sentences: string | Iterable<string>, options: ArrayEncodeOptions): Promise<number[][]>;
  encodeDocument(sentences: string | Iterable<string>, options?: EncodeOptions): Promise<Tensor2D>;
  encodeDocument(
    sentences: string | Iterable<string>,
    options: EncodeOptions | ArrayEncodeOptions = {},
  ): Promise<Tensor2D | number[][]> {
    return this.encode(sentences, { promptName: 'document', ...options } as EncodeOptions);
  }

  /**
   * How alike embeddings are, by the similarity that the model was made for.
   *
   * @param a [n, dim], or one [dim]
   * @param b [m, dim], or one [dim]
   * @returns [n, m]
   * @throws {RangeError} when the dimensions differ
   * @example const similarities = model.similarity(embeddings, embeddings);
   * @see sentence_transformers.SentenceTransformer.similarity
   */
  similarity(a: Embeddings, b: Embeddings): Tensor2D {
    return SIMILARITIES[this.similarityFnName].all(a, b);
  }

  /**
   * How alike each embedding of `a` is to the one of `b` at the same place.
   *
   * @param a [n, dim], or one [dim]
   * @param b [n, dim], or one [dim]
   * @returns [n]
   * @throws {RangeError} when the shapes differ
   * @example const similarities = model.similarityPairwise(questions, answers);
   * @see sentence_transformers.SentenceTransformer.similarity_pairwise
   */
  similarityPairwise(a: Embeddings, b: Embeddings): Tensor1D {
    return SIMILARITIES[this.similarityFnName].pairs(a, b);
  }

  /** The module tree as sentence-transformers 3.1 prints it; a stand-in says first what it is. */
  toString(): string {
    if (!('parts' in this.#source)) return `SentenceTransformer(${this.name} at ${this.#source.url})`;
    const tree = formatModuleTree(this.#source.configuration, this.#source.parts);
    return this.standInFor ? `${this.name}, a small stand-in for ${this.standInFor}\n${tree}` : tree;
  }

  /** What a notebook shows. */
  [Symbol.for('Jupyter.display')](): MimeData {
    return { 'text/plain': this.toString() };
  }

  /** What console.log() shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Frees the model's memory; it cannot encode afterwards. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    if ('parts' in this.#source) await this.#source.parts.encoder.dispose();
  }

  /** @throws {Error} when the model is on a server, which gives embeddings only */
  get #parts(): ModelParts {
    if ('parts' in this.#source) return this.#source.parts;
    throw new Error(
      `${this.name} runs at ${this.#source.url}, which gives no tokens. Load the model here for that.`,
    );
  }

  get #fullDimension(): number {
    return 'parts' in this.#source ? outputDimension(this.#source.parts) : this.#source.dimension;
  }

  async #embed(
    texts: readonly string[],
    prompt: string,
    batchSize: number,
    onBatch: OnBatch,
  ): Promise<Float32Array> {
    if (!('parts' in this.#source)) return this.#source.embed(texts, prompt, batchSize, onBatch);
    const { parts } = this.#source;
    return embedSentences(parts, await tokenizeSentences(parts.tokenizer, texts, prompt), batchSize, onBatch);
  }

  /** Runs sentences, with a progress bar. */
  async #run<Values>(
    sentences: string | Iterable<string>,
    options: EncodeOptions,
    embed: (texts: readonly string[], prompt: string, batchSize: number, onBatch: OnBatch) => Promise<Values>,
  ): Promise<{ list: readonly string[]; values: Values }> {
    if (this.#disposed) throw new Error(`${this.name} was disposed. Load it again.`);
    const list = requireSentences(sentences);
    const { batchSize = DEFAULT_BATCH_SIZE, showProgressBar } = options;
    requirePositiveInteger(batchSize, 'batchSize');
    const prompt = this.#promptOf(options);
    let bar: ProgressBar | undefined;
    try {
      const values = await embed(list, prompt, batchSize, (done, total) => {
        bar ??= createBar(showProgressBar, total);
        bar?.update(done);
      });
      return { list, values };
    } finally {
      bar?.finish();
    }
  }

  #promptOf({ prompt, promptName }: EncodeOptions): string {
    if (prompt !== undefined && typeof prompt !== 'string') {
      throw new TypeError(`The prompt is of the type ${typeof prompt}. Give a text, such as 'query: '.`);
    }
    if (prompt !== undefined) return prompt;
    const name = promptName ?? this.defaultPromptName;
    return name === undefined ? '' : this.#promptNamed(name);
  }

  #promptNamed(name: string): string {
    const prompt = Object.hasOwn(this.prompts, name) ? this.prompts[name] : undefined;
    if (typeof prompt === 'string') return prompt;
    const known = Object.keys(this.prompts).join(', ');
    throw new RangeError(`${this.name} has no prompt named '${name}'. Choose one of ${known}.`);
  }
}

/** Whether options ask for something that a server cannot promise. */
function saysHowToLoad({ dtype, weights, revision, cacheDir }: LoadOptions): boolean {
  return [dtype, weights, revision, cacheDir].some((option) => option !== undefined);
}

/** Without a word from the caller, a bar shows itself only where somebody looks and only for long work. */
function createBar(wanted: boolean | undefined, total: number): ProgressBar | undefined {
  const watched = notebookPublisher() !== undefined || process.stderr.isTTY;
  if (wanted === false || (wanted === undefined && !watched)) return undefined;
  return new ProgressBar({ label: 'Batches', total, delayMs: wanted ? 0 : BAR_DELAY_MS });
}

function firstColumns(values: Float32Array, columns: number, kept: number): Float32Array {
  const rows = values.length / columns;
  const result = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    result.set(values.subarray(row * columns, row * columns + kept), row * kept);
  }
  return result;
}
