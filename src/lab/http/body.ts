/** Reading what a browser sends: bounded in size, and an object or a refusal. */
import type { IncomingMessage } from 'node:http';
import { HttpError } from './errors.ts';

/** Settings, names and the like; notebooks and uploads are given more. */
export const SMALL_BODY = 1_000_000;

/**
 * Reads a body whole.
 * @throws HttpError 413 beyond `limit` bytes, 400 when it is not a JSON object
 */
export async function readJsonBody(
  request: IncomingMessage,
  limit = SMALL_BODY,
): Promise<Record<string, unknown>> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  if (size === 0) return {};
  return parseObject(Buffer.concat(chunks).toString('utf8'));
}

/** A field that must be a text. @throws HttpError 400 when it is another thing */
export function textField(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw new HttpError(400, `The field "${name}" must be a text.`);
}

/** A field that is a text or absent. */
export function optionalText(body: Record<string, unknown>, name: string): string | undefined {
  return body[name] === undefined || body[name] === null ? undefined : textField(body, name);
}

/** A field that is an object, or an empty one where it is absent. */
export function objectField(body: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = body[name] ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new HttpError(400, `The field "${name}" must be an object.`);
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, 'The request is not JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new HttpError(400, 'The request is no JSON object.');
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, `The request is too large: ${Math.round(limit / 1e6)} MB are allowed.`);
}
