/** The interface of text-embeddings-inference: requests checked, answers and errors in its form. */
import * as v from 'valibot';
import { RequestError } from './errors.ts';
import { MAX_TEXTS } from './openai.ts';
import { encodeRows, findModel, type ServedModel } from './served-model.ts';

const Request = v.object({
  inputs: v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(MAX_TEXTS))]),
  normalize: v.optional(v.boolean(), true),
  prompt_name: v.nullish(v.string()),
  dimensions: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Not of TEI, which serves one model, and knows prompts by their names only. */
  model: v.optional(v.string()),
  prompt: v.optional(v.string()),
});

/**
 * Answers POST /embed. What is too long is cut, as `encode` does.
 *
 * @see https://huggingface.github.io/text-embeddings-inference/
 */
export async function embed(
  models: readonly ServedModel[],
  body: unknown,
  signal: AbortSignal,
): Promise<number[][]> {
  const parsed = v.safeParse(Request, body);
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? 'body';
    throw new RequestError(422, `'${field}' is not valid: ${parsed.issues[0].message}.`, { param: field });
  }
  const { inputs, normalize, prompt_name, prompt, dimensions, model } = parsed.output;
  const rows = await encodeRows(findModel(models, model), typeof inputs === 'string' ? [inputs] : inputs, {
    normalize,
    dimensions: dimensions ?? undefined,
    prompt: { prompt, promptName: prompt_name ?? undefined },
    signal,
  });
  return rows.map((row) => Array.from(row));
}

/** Answers GET /info. `models` is not of TEI: what a client needs to use each as if it were loaded there. */
export function info(
  models: readonly ServedModel[],
  version: string,
  limits: { body: number; queue: number },
): object {
  const [first] = models;
  return {
    model_id: first!.name,
    model_sha: null,
    model_dtype: 'float32',
    model_type: { embedding: { pooling: 'mean' } },
    max_input_length: first!.maxSeqLength,
    max_client_batch_size: MAX_TEXTS,
    max_concurrent_requests: limits.queue,
    auto_truncate: true,
    payload_limit: limits.body,
    version,
    served_by: 'tsbert',
    models: models.map((model) => ({
      name: model.name,
      aliases: model.aliases,
      dimension: model.dimension,
      max_input_length: Number.isFinite(model.maxSeqLength) ? model.maxSeqLength : null,
      prompts: model.prompts,
      default_prompt_name: model.defaultPromptName ?? null,
      similarity_fn_name: model.similarityFnName,
    })),
  };
}

/** The body of an error. */
export function teiError({ status, message }: RequestError): object {
  const types: Record<number, string> = {
    401: 'Unauthorized',
    422: 'Validation',
    424: 'Backend',
    429: 'Overloaded',
  };
  return { error: message, error_type: types[status] ?? (status >= 500 ? 'Backend' : 'Validation') };
}
