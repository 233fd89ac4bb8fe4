/** The families of encoders for which a graph can be written, by config.json's model_type. */
import { UnsupportedModelError } from '../../weights/errors.ts';
import { albert } from './albert.ts';
import { bert, distilbert, electra, mpnet, roberta } from './bert.ts';
import { ConfigReader } from './config-reader.ts';
import { deberta, debertaV2 } from './deberta.ts';
import type { EncoderPlan } from './encoder-plan.ts';
import { gemma3 } from './gemma3.ts';
import { gte } from './gte.ts';
import { jinaV3 } from './jina-v3.ts';
import { eurobert, mistral, qwen2, qwen3 } from './llama.ts';
import { modernbert } from './modernbert.ts';
import { nomicBert } from './nomic-bert.ts';
import { t5 } from './t5.ts';

/** Reads a family's config.json. */
type Family = (config: ConfigReader) => EncoderPlan;

const FAMILIES: Readonly<Record<string, Family>> = {
  bert,
  electra,
  distilbert,
  mpnet,
  roberta,
  'xlm-roberta': roberta,
  camembert: roberta,
  modernbert,
  nomic_bert: nomicBert,
  gte,
  new: gte,
  jina_embeddings_v3: jinaV3,
  eurobert,
  qwen2,
  qwen3,
  mistral,
  gemma3_text: gemma3,
  t5,
  albert,
  deberta,
  'deberta-v2': debertaV2,
};

/** The values of config.json's model_type for which a graph can be written. */
export const SUPPORTED_MODEL_TYPES: readonly string[] = Object.keys(FAMILIES);

/**
 * Reads a parsed config.json.
 *
 * @param options.isPaired whether pairs of texts are encoded, whose tokens may be of two types
 * @throws {UnsupportedModelError} when the family, or a setting of it, is not supported
 * @throws {TypeError} when a size is missing
 */
export function planEncoder(
  config: Readonly<Record<string, unknown>>,
  { isPaired = false }: { isPaired?: boolean } = {},
): EncoderPlan {
  const modelType = String(config.model_type);
  const family = Object.hasOwn(FAMILIES, modelType) ? FAMILIES[modelType] : undefined;
  if (family === undefined) {
    throw new UnsupportedModelError('model_type', config.model_type, SUPPORTED_MODEL_TYPES);
  }
  const plan = family(new ConfigReader(config));
  return Object.assign(plan, { hasTypes: isPaired && (plan.tokenTypes ?? 0) > 1 });
}
