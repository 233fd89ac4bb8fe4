/** Prints a model as sentence-transformers 3.1 does. */

import type { ModelConfiguration } from '../configuration.ts';
import { formatPythonDict } from '../modules/embedding-module.ts';
import type { ModelParts } from './encode.ts';

/**
 * The module tree, such as a notebook shows for a model.
 *
 * @example
 * formatModuleTree(configuration, parts);
 * // SentenceTransformer(
 * //   (0): Transformer({'max_seq_length': 128, 'do_lower_case': False}) with Transformer model: BertModel
 * //   (1): Pooling({'word_embedding_dimension': 768, …})
 * // )
 * @see sentence_transformers 3.1, Transformer.__repr__ (it ends in a blank)
 */
export function formatModuleTree(configuration: ModelConfiguration, parts: ModelParts): string {
  const { doLowerCase, className } = configuration.transformer;
  const { maxSeqLength } = parts.tokenizer;
  const settings = formatPythonDict({
    max_seq_length: Number.isFinite(maxSeqLength) ? maxSeqLength : null,
    do_lower_case: doLowerCase,
  });
  const head =
    configuration.transformer.kind === 'static'
      ? ['StaticEmbedding()']
      : [`Transformer(${settings}) with Transformer model: ${className} `, `${parts.pooling}`];
  const printed = [...head, ...parts.rest.map(String)];
  const lines = printed.map((module, i) => `  (${configuration.modules[i]?.name ?? i}): ${module}`);
  return ['SentenceTransformer(', ...lines, ')'].join('\n');
}
