/** A cross encoder as the server knows it, and TEI's interface to it. */
import * as v from 'valibot';
import type { CrossEncoder } from '../embeddings/cross-encoder/cross-encoder.ts';
import { Batcher, type BatcherOptions, type PromptChoice } from './batcher.ts';
import { RequestError } from './errors.ts';
import { MAX_TEXTS } from './openai.ts';
import { aliasesOf, publicName } from './served-model.ts';

/** A loaded cross encoder with the queue before it. */
export interface ServedReranker {
  readonly name: string;
  /** Other names that it answers to. */
  readonly aliases: readonly string[];
  /** What goes before each text is the query; a row is one logit. */
  readonly batcher: Pick<Batcher, 'encode' | 'waiting'>;
}

const Request = v.object({
  query: v.string(),
  texts: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(MAX_TEXTS)),
  raw_scores: v.optional(v.boolean(), false),
  return_text: v.optional(v.boolean(), false),
  /** Not of TEI, which serves one model. */
  model: v.optional(v.string()),
});

/** A text in its place, as TEI answers it. */
interface Rank {
  readonly index: number;
  readonly score: number;
  readonly text?: string;
}

/**
 * Puts a queue before a cross encoder.
 *
 * @throws {RangeError} when it gives several scores for a pair
 */
export function serveReranker(model: CrossEncoder, asked: string, options: BatcherOptions): ServedReranker {
  if (model.labels !== 1) {
    throw new RangeError(
      `${model.name} gives ${model.labels} scores for a pair, by which nothing can be ranked. Serve one with one score.`,
    );
  }
  const encode = async (texts: readonly string[], { prompt: query = '' }: PromptChoice) => {
    const tensor = await model.predict(
      texts.map((text) => [query, text] as const),
      { activation: 'Identity' },
    );
    const logits = await tensor.data<'float32'>();
    tensor.dispose();
    return Array.from(logits, (logit) => Float32Array.of(logit));
  };
  return {
    name: publicName(model.name),
    aliases: aliasesOf(model.name, asked),
    batcher: new Batcher(encode, options),
  };
}

/**
 * Answers POST /rerank, best first. Pairs that are too long are cut, as `predict` does. Scores are the sigmoid of what
 * the model gives, or that itself with `raw_scores`, whatever activation the model names: so does TEI.
 *
 * @see https://huggingface.github.io/text-embeddings-inference/
 */
export async function rerank(
  rerankers: readonly ServedReranker[],
  body: unknown,
  signal: AbortSignal,
): Promise<Rank[]> {
  const parsed = v.safeParse(Request, body);
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? 'body';
    throw new RequestError(422, `'${field}' is not valid: ${parsed.issues[0].message}.`, { param: field });
  }
  const { query, texts, raw_scores: isRaw, return_text: withText, model } = parsed.output;
  const rows = await findReranker(rerankers, model).batcher.encode(texts, { prompt: query }, signal);
  const ranks = rows.map(([logit], index) => ({
    index,
    ...(withText && { text: texts[index]! }),
    score: isRaw ? logit! : 1 / (1 + Math.exp(-logit!)),
  }));
  return ranks.sort((a, b) => b.score - a.score || a.index - b.index);
}

function findReranker(rerankers: readonly ServedReranker[], name: string | undefined): ServedReranker {
  const known = rerankers.map((each) => each.name).join(', ');
  if (known === '') {
    throw new RequestError(424, 'No cross-encoder is served here. Name one by tsbert serve --reranker.');
  }
  const found =
    name === undefined ? rerankers[0] : rerankers.find((each) => [each.name, ...each.aliases].includes(name));
  if (found) return found;
  throw new RequestError(404, `The cross-encoder '${name}' is not served here. Served: ${known}.`, {
    code: 'model_not_found',
    param: 'model',
  });
}
