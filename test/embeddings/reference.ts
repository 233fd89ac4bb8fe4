/** The tiny models of test/fixtures and what Python's sentence-transformers 6.0.1 makes of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

interface Sentences {
  readonly sentences: readonly string[];
  readonly input_ids: readonly (readonly number[])[];
  readonly embeddings: readonly (readonly number[])[];
  readonly similarity: readonly (readonly number[])[];
  readonly cos_sim: readonly (readonly number[])[];
}

/** reference.json of a tiny model. */
export interface Reference {
  readonly max_seq_length: number;
  readonly dim: number;
  readonly five: Sentences;
  readonly edge: Sentences;
  readonly token_embeddings_five: readonly (readonly (readonly number[])[])[];
  readonly prompted: readonly (readonly number[])[];
  readonly trunc16_norm: readonly (readonly number[])[];
  readonly prec_int8: readonly (readonly number[])[];
  readonly prec_uint8: readonly (readonly number[])[];
  readonly prec_binary: readonly (readonly number[])[];
  readonly prec_ubinary: readonly (readonly number[])[];
}

/** The names of the tiny models. */
export const TINY_MODELS = ['tiny-bert-nli-mean-tokens', 'tiny-all-mpnet-base-v2'] as const;

/** Absolute path of something in test/fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** reference.json of a tiny model. */
export function readReference(model: string): Reference {
  return JSON.parse(readFileSync(fixture(`${model}/reference.json`), 'utf8'));
}

/** Expects the shape, and every number within a tolerance; tells the largest difference otherwise. */
export function expectClose(actual: Tensor, expected: readonly unknown[], tolerance = 1e-5): void {
  const flat = expected.flat(Number.POSITIVE_INFINITY) as number[];
  expect(actual.shape[0]).toBe(expected.length);
  const values = actual.dataSync();
  expect(values.length).toBe(flat.length);
  const largest = flat.reduce((max, value, i) => Math.max(max, Math.abs(value - values[i]!)), 0);
  expect(largest).toBeLessThanOrEqual(tolerance);
}
