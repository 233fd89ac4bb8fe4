/** Rows of embeddings under plain names: Python's `embeddings[i]` and `embeddings[i:]`. */
import { slice, type Tensor2D } from '@tensorflow/tfjs-core';
import { rememberPart } from '../text/sentence-memory.ts';

export type { Tensor2D };

/** The embedding of sentence `i`, as [1, dim]. @example row(embeddings, 0) */
export function row(embeddings: Tensor2D, i: number): Tensor2D {
  return rememberPart(slice(embeddings, i, 1), embeddings, i, i + 1);
}

/** The embeddings of the sentences from `i` on, as [n - i, dim]. @example rowsFrom(embeddings, 2) */
export function rowsFrom(embeddings: Tensor2D, i: number): Tensor2D {
  return rememberPart(slice(embeddings, i), embeddings, i);
}
