/** Loads all that a model is made of: encoder, tokenizer, pooling and later modules. */

import type { ModelConfiguration } from '../configuration.ts';
import type { Agreement } from '../encoder/agreement.ts';
import { type EncoderOptions, loadEncoder } from '../encoder/load-encoder.ts';
import { loadModules } from '../modules/load.ts';
import type { ModelParts } from './encode.ts';
import { probeTrial } from './probe-trial.ts';
import { loadTokenizer } from './tokenize.ts';

/**
 * Loads a model's parts; where one of them fails, none stays in memory.
 *
 * @param configuration what the model's folder says
 * @throws what {@link loadEncoder}, {@link loadModules} and {@link loadTokenizer} throw
 */
export async function loadParts(
  configuration: ModelConfiguration,
  options: EncoderOptions,
): Promise<ModelParts> {
  const tokenizer = await loadTokenizer(configuration.transformer);
  const trial = async (hiddenSize: number) =>
    probeTrial(tokenizer, await loadModules(configuration, hiddenSize));
  const encoder = await loadEncoder(configuration.transformer, { ...options, trial });
  try {
    const modules = await loadModules(configuration, encoder.hiddenSize);
    return { ...modules, tokenizer, encoder };
  } catch (error) {
    await encoder.dispose();
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
