/** A model as the server knows it. */
import type { SentenceTransformer } from '../embeddings/model/sentence-transformer.ts';
import { Batcher, type BatcherOptions, type PromptChoice } from './batcher.ts';
import { RequestError } from './errors.ts';

/** A loaded model with the queue before it. */
export interface ServedModel {
  /** The model that is really loaded. */
  readonly name: string;
  /** Other names that it answers to. */
  readonly aliases: readonly string[];
  readonly dimension: number;
  readonly maxSeqLength: number;
  readonly prompts: Readonly<Record<string, string>>;
  readonly defaultPromptName: string | undefined;
  readonly similarityFnName: string;
  readonly batcher: Batcher;
  countTokens(text: string): number;
}

/** What a request wants done with the rows. */
export interface RowOptions {
  readonly normalize: boolean;
  readonly dimensions: number | undefined;
  readonly prompt: PromptChoice;
  readonly signal: AbortSignal | undefined;
}

/** Puts a queue before a model. */
export function serveModel(model: SentenceTransformer, asked: string, options: BatcherOptions): ServedModel {
  const encode = async (texts: readonly string[], { prompt, promptName }: PromptChoice) => {
    const tensor = await model.encode(texts, {
      showProgressBar: false,
      ...(prompt !== undefined && { prompt }),
      ...(promptName !== undefined && { promptName }),
    });
    const values = await tensor.data<'float32'>();
    const dim = tensor.shape[1];
    tensor.dispose();
    return texts.map((_, i) => values.subarray(i * dim, (i + 1) * dim));
  };
  return {
    name: publicName(model.name),
    // A stand-in does not answer to the name of what it stands in for: its numbers are others.
    aliases: aliasesOf(model.name, model.standInFor === undefined ? asked : model.name),
    dimension: model.embeddingDimension,
    maxSeqLength: model.maxSeqLength,
    prompts: model.prompts,
    defaultPromptName: model.defaultPromptName,
    similarityFnName: model.similarityFnName,
    batcher: new Batcher(encode, options),
    countTokens: (text) => model.tokenize(text).length,
  };
}

/** A name of the hub as it is, of a folder the last part: clients need not know where it lies. */
export function publicName(name: string): string {
  return /^[\w-][\w.-]*\/[\w.-]+$/.test(name) ? name : lastPart(name);
}

/** The other names that a model answers to, none of which tells of a folder. */
export function aliasesOf(name: string, asked: string): string[] {
  return [...new Set([lastPart(name), publicName(asked)])];
}

function lastPart(name: string): string {
  return name.split(/[\\/]/).findLast((part) => part !== '' && part !== '.') ?? name;
}

/**
 * Refuses two models of one name: a client would get the numbers of the other.
 *
 * @throws {RangeError} naming it
 */
export function requireOwnNames(models: readonly { readonly name: string }[]): void {
  const twice = models.find(({ name }, i) => models.findIndex((other) => other.name === name) < i);
  if (twice) throw new RangeError(`Two models are called '${twice.name}'. Serve one, or rename its folder.`);
}

/**
 * Finds the model of a request.
 *
 * @param name without one, the only model or, where there are several, the first
 * @throws {RequestError} 404 when there is none of that name
 */
export function findModel(models: readonly ServedModel[], name: string | undefined): ServedModel {
  const found =
    name === undefined ? models[0] : models.find((model) => [model.name, ...model.aliases].includes(name));
  if (found) return found;
  const known = models.map((model) => model.name).join(', ');
  throw new RequestError(404, `The model '${name}' is not served here. Served: ${known}.`, {
    code: 'model_not_found',
    param: 'model',
  });
}

/** Encodes the texts of a request: in the queue, then cut and scaled as it asks. */
export async function encodeRows(
  model: ServedModel,
  texts: readonly string[],
  { normalize, dimensions, prompt, signal }: RowOptions,
): Promise<Float32Array[]> {
  if (dimensions !== undefined && dimensions > model.dimension) {
    throw new RequestError(400, `dimensions is ${dimensions}; ${model.name} has ${model.dimension}.`, {
      param: 'dimensions',
    });
  }
  const { promptName } = prompt;
  if (promptName !== undefined && !Object.hasOwn(model.prompts, promptName)) {
    const known = Object.keys(model.prompts).join(', ') || 'none';
    throw new RequestError(400, `${model.name} has no prompt '${promptName}'. It has: ${known}.`, {
      param: 'prompt_name',
    });
  }
  const rows = await model.batcher.encode(texts, prompt, signal);
  return rows.map((row) => {
    const cut = row.slice(0, dimensions ?? row.length);
    return normalize ? toUnit(cut) : cut;
  });
}

/** As torch's normalize: a length below 1e-12 counts as that. */
function toUnit(row: Float32Array): Float32Array {
  const length = Math.max(1e-12, Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)));
  return row.map((value) => value / length);
}
