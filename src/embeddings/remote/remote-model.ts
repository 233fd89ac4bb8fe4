/** A model on a server: tsbert's own, text-embeddings-inference, or any that speaks OpenAI's embeddings. */
import * as v from 'valibot';
import type { SimilarityName } from '../configuration.ts';
import { ServerAnswerError } from './errors.ts';
import { ServerClient } from './server-client.ts';

/** Which server, and what of it. */
export interface ConnectOptions {
  /** The model's name there. Default: the only one that it has, or its first where it is tsbert's. */
  model?: string;
  /** What the server asks for. Default: the environment's TSBERT_API_KEY. */
  apiKey?: string;
}

/** What a server tells of a model. */
export interface RemoteModel {
  readonly url: string;
  readonly name: string;
  /** Columns of a row. */
  readonly dimension: number;
  /** Longest input in tokens; Infinity where the server does not tell. */
  readonly maxSeqLength: number;
  readonly prompts: Readonly<Record<string, string>>;
  readonly defaultPromptName: string | undefined;
  readonly similarityFnName: SimilarityName;
  /**
   * Rows of texts, [texts, dimension].
   *
   * @param prompt goes before each text
   * @throws {ServerAnswerError} when the answer is no such rows
   */
  embed(
    texts: readonly string[],
    prompt: string,
    batchSize: number,
    onBatch: (done: number, total: number) => void,
  ): Promise<Float32Array>;
}

/** How a server is asked for rows. */
interface Dialect {
  readonly name: string;
  readonly maxSeqLength: number;
  readonly mostTexts: number;
  readonly prompts: Readonly<Record<string, string>>;
  readonly defaultPromptName?: string | undefined;
  readonly similarityFnName?: SimilarityName | undefined;
  rows(texts: readonly string[], prompt: string): Promise<readonly (readonly number[])[]>;
}

const Rows = v.array(v.array(v.number()));
const TeiInfo = v.object({
  model_id: v.string(),
  max_input_length: v.optional(v.number()),
  max_client_batch_size: v.optional(v.number()),
});
const TsbertInfo = v.object({
  served_by: v.literal('tsbert'),
  models: v.array(
    v.object({
      name: v.string(),
      aliases: v.array(v.string()),
      max_input_length: v.nullable(v.number()),
      prompts: v.record(v.string(), v.string()),
      default_prompt_name: v.nullable(v.string()),
      similarity_fn_name: v.picklist(['cosine', 'dot', 'euclidean', 'manhattan']),
    }),
  ),
  max_client_batch_size: v.number(),
});
const OpenAiModels = v.object({ data: v.array(v.object({ id: v.string() })) });
const OpenAiRows = v.object({
  data: v.array(v.object({ index: v.number(), embedding: v.array(v.number()) })),
});

/** Texts of a request where the server names no limit. */
const MOST_TEXTS = 64;

/**
 * Asks a server what it is and what it has.
 *
 * @throws {ServerUnreachableError} when nothing answers there
 * @throws {ServerAnswerError} when it is no server of embeddings, or has no such model
 */
export async function connectModel(url: string, options: ConnectOptions = {}): Promise<RemoteModel> {
  const client = new ServerClient(url, options.apiKey ?? process.env.TSBERT_API_KEY);
  const info = await client.get('/info').catch(ignoreAbsence);
  const dialect = (await dialectOf(client, info, options.model)) satisfies Dialect;
  const probe = await dialect.rows(['a'], '');
  const dimension = probe[0]?.length ?? 0;
  requireRows(client, probe, 1, dimension);
  return {
    ...dialect,
    url: client.url,
    dimension,
    defaultPromptName: dialect.defaultPromptName,
    similarityFnName: dialect.similarityFnName ?? 'cosine',
    embed: (texts, prompt, batchSize, onBatch) =>
      embedAll(client, dialect, dimension, { texts, prompt, batchSize, onBatch }),
  };
}

/**
 * The model of the server that TSBERT_SERVER names, where it has the one asked for.
 *
 * @throws {ServerUnreachableError} when nothing answers there: loading it here, in silence, is what the variable avoids
 * @throws {ServerAnswerError} when it is no server of tsbert
 */
export async function findOnServer(name: string): Promise<RemoteModel | undefined> {
  const url = process.env.TSBERT_SERVER;
  if (!url) return undefined;
  const client = new ServerClient(url, process.env.TSBERT_API_KEY);
  const parsed = v.safeParse(TsbertInfo, await client.get('/info').catch(ignoreAbsence));
  if (!parsed.success) {
    throw new ServerAnswerError(
      client.url,
      'it is no server of tsbert. Set TSBERT_SERVER to one, or unset it.',
    );
  }
  const found = parsed.output.models.find((model) => [model.name, ...model.aliases].includes(name));
  return found && connectModel(url, { model: found.name });
}

function ignoreAbsence(error: unknown): undefined {
  if (error instanceof ServerAnswerError && (error.status === 404 || error.status === 405)) return undefined;
  throw error;
}

async function dialectOf(client: ServerClient, info: unknown, asked: string | undefined): Promise<Dialect> {
  const own = v.safeParse(TsbertInfo, info);
  if (own.success) return tsbertDialect(client, own.output, asked);
  const tei = v.safeParse(TeiInfo, info);
  if (tei.success) return teiDialect(client, tei.output, asked);
  return openAiDialect(client, asked);
}

function tsbertDialect(
  client: ServerClient,
  info: v.InferOutput<typeof TsbertInfo>,
  asked: string | undefined,
): Dialect {
  const { models, max_client_batch_size: mostTexts } = info;
  const model = models.find(({ name, aliases }) => asked === undefined || [name, ...aliases].includes(asked));
  if (!model)
    throw noSuchModel(
      client,
      asked,
      models.map(({ name }) => name),
    );
  return {
    name: model.name,
    maxSeqLength: model.max_input_length ?? Number.POSITIVE_INFINITY,
    mostTexts,
    prompts: model.prompts,
    defaultPromptName: model.default_prompt_name ?? undefined,
    similarityFnName: model.similarity_fn_name,
    rows: async (inputs, prompt) =>
      parse(
        client,
        Rows,
        await client.post('/embed', { model: model.name, inputs, prompt, normalize: false }),
      ),
  };
}

function teiDialect(
  client: ServerClient,
  info: v.InferOutput<typeof TeiInfo>,
  asked: string | undefined,
): Dialect {
  if (asked !== undefined && asked !== info.model_id) throw noSuchModel(client, asked, [info.model_id]);
  return {
    name: info.model_id,
    maxSeqLength: info.max_input_length ?? Number.POSITIVE_INFINITY,
    mostTexts: info.max_client_batch_size ?? MOST_TEXTS,
    prompts: {},
    rows: async (texts, prompt) => {
      const inputs = texts.map((text) => prompt + text);
      return parse(client, Rows, await client.post('/embed', { inputs, normalize: false, truncate: true }));
    },
  };
}

async function openAiDialect(client: ServerClient, asked: string | undefined): Promise<Dialect> {
  const base = new URL(client.url).pathname.endsWith('/v1') ? '' : '/v1';
  const model = asked ?? (await onlyModel(client, base));
  return {
    name: model,
    maxSeqLength: Number.POSITIVE_INFINITY,
    mostTexts: MOST_TEXTS,
    prompts: {},
    rows: async (texts, prompt) => {
      const input = texts.map((text) => prompt + text);
      const answer = await client.post(`${base}/embeddings`, { model, input, encoding_format: 'float' });
      const { data } = parse(client, OpenAiRows, answer);
      const rows: (readonly number[])[] = [];
      for (const { index, embedding } of data) rows[index] = embedding;
      return Array.from(rows, (row) => row ?? []);
    },
  };
}

async function onlyModel(client: ServerClient, base: string): Promise<string> {
  const { data } = parse(client, OpenAiModels, await client.get(`${base}/models`));
  const names = data.map(({ id }) => id);
  if (names.length === 1) return names[0]!;
  throw new ServerAnswerError(client.url, `it has ${names.length} models. Name one of them: { model }.`);
}

async function embedAll(
  client: ServerClient,
  dialect: Dialect,
  dimension: number,
  work: {
    texts: readonly string[];
    prompt: string;
    batchSize: number;
    onBatch: (done: number, total: number) => void;
  },
): Promise<Float32Array> {
  const { texts, prompt, onBatch } = work;
  const size = Math.max(1, Math.min(work.batchSize, dialect.mostTexts));
  const total = Math.ceil(texts.length / size);
  const values = new Float32Array(texts.length * dimension);
  onBatch(0, total);
  for (let start = 0; start < texts.length; start += size) {
    const part = texts.slice(start, start + size);
    const rows = await dialect.rows(part, prompt);
    requireRows(client, rows, part.length, dimension);
    rows.forEach((row, i) => {
      values.set(row, (start + i) * dimension);
    });
    onBatch(start / size + 1, total);
  }
  return values;
}

/** An answer that is shorter, or of other columns, would shift every number behind it. */
function requireRows(
  client: ServerClient,
  rows: readonly (readonly number[])[],
  count: number,
  dimension: number,
): void {
  const isWhole = rows.length === count && dimension > 0 && rows.every((row) => row.length === dimension);
  if (isWhole && rows.every((row) => row.every(Number.isFinite))) return;
  throw new ServerAnswerError(
    client.url,
    `it was asked for ${count} embeddings of ${dimension || 'some'} numbers, and gave ${rows.length} of ${rows[0]?.length ?? 0}.`,
  );
}

function noSuchModel(
  client: ServerClient,
  asked: string | undefined,
  known: readonly string[],
): ServerAnswerError {
  return new ServerAnswerError(
    client.url,
    `it has no model '${asked}'. It has: ${known.join(', ') || 'none'}.`,
  );
}

function parse<Schema extends v.GenericSchema>(
  client: ServerClient,
  schema: Schema,
  answer: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, answer);
  if (parsed.success) return parsed.output;
  throw new ServerAnswerError(client.url, 'its answer has another form than that of embeddings.');
}
