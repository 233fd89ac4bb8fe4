/** Loads all that a model is made of: encoder, tokenizer, pooling and later modules. */

import type { ModelConfiguration } from '../configuration.ts';
import type { Agreement } from '../encoder/agreement.ts';
import { loadTransformer, type TransformerOptions } from '../encoder/load-transformer.ts';
import { loadModules } from '../modules/load.ts';
import type { ModelParts } from './encode.ts';
import { loadTokenizer } from './tokenize.ts';

/** A model's parts and, for 8-bit weights, how far they are from 32. */
export type LoadedParts = ModelParts & { readonly agreement: Agreement | undefined };

/**
 * Loads a model's parts; where one of them fails, none stays in memory.
 *
 * @param configuration what the model's folder says
 * @throws what {@link loadTransformer}, {@link loadModules} and {@link loadTokenizer} throw
 */
export async function loadParts(
  configuration: ModelConfiguration,
  options: TransformerOptions,
): Promise<LoadedParts> {
  const transformer = await loadTransformer(configuration.transformer.folder, options);
  try {
    const modules = await loadModules(configuration, transformer.hiddenSize);
    const tokenizer = await loadTokenizer(configuration.transformer);
    return { ...modules, tokenizer, transformer, agreement: transformer.agreement };
  } catch (error) {
    await transformer.dispose();
    throw error;
  }
}

/** One line that tells how far 8-bit weights are from those of 32 bits. */
export function describeAgreement(name: string, { lowestCosine, meanCosine }: Agreement): string {
  return (
    `${name} runs with 8-bit weights: on probe sentences its embeddings have a cosine of ` +
    `${lowestCosine.toFixed(4)} or more with those of 32 bits (${meanCosine.toFixed(4)} on average).`
  );
}
