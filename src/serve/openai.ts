/** The embeddings interface of OpenAI: requests checked, answers and errors in its form. */
import * as v from 'valibot';
import { RequestError } from './errors.ts';
import { encodeRows, findModel, type ServedModel } from './served-model.ts';

/** As OpenAI limits a request. */
export const MAX_TEXTS = 2048;

const Request = v.object({
  input: v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(MAX_TEXTS))]),
  model: v.optional(v.string()),
  encoding_format: v.optional(v.picklist(['float', 'base64'])),
  dimensions: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

/**
 * Answers POST /v1/embeddings. Embeddings have length 1, as OpenAI's have.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings
 */
export async function createEmbeddings(
  models: readonly ServedModel[],
  body: unknown,
  signal: AbortSignal,
): Promise<object> {
  const { input, model: name, encoding_format, dimensions } = parseRequest(body);
  const texts = typeof input === 'string' ? [input] : input;
  const model = findModel(models, name);
  const rows = await encodeRows(model, texts, { normalize: true, dimensions, prompt: {}, signal });
  const tokens = texts.reduce((sum, text) => sum + model.countTokens(text), 0);
  return {
    object: 'list',
    data: rows.map((row, index) => ({
      object: 'embedding',
      index,
      embedding: encoding_format === 'base64' ? toBase64(row) : Array.from(row),
    })),
    model: model.name,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Answers GET /v1/models. */
export function listModels(models: readonly ServedModel[]): object {
  return {
    object: 'list',
    data: models.map(({ name }) => ({ id: name, object: 'model', created: 0, owned_by: 'tsbert' })),
  };
}

/** The body of an error. */
export function openaiError({ status, message, code, param }: RequestError): object {
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message, type, param: param ?? null, code: code ?? null } };
}

function parseRequest(body: unknown): v.InferOutput<typeof Request> {
  const parsed = v.safeParse(Request, body);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const param = v.getDotPath(issue)?.split('.')[0] ?? 'body';
  const remedy =
    param === 'input'
      ? `Give a text or a list of 1 to ${MAX_TEXTS} texts; token numbers are not taken`
      : issue.message;
  throw new RequestError(400, `'${param}' is not valid. ${remedy}.`, { param });
}

/** Little-endian float32, whatever the machine: clients read it so. */
function toBase64(row: Float32Array): string {
  const bytes = Buffer.alloc(row.length * 4);
  row.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return bytes.toString('base64');
}
