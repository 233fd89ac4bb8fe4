/** What a cross encoder does to its logits. */
import { UnsupportedModuleError } from '../errors.ts';
import type { JsonObject } from '../json-file.ts';

/** The activations that a model may name, by the class's last name. */
export const ACTIVATIONS = {
  Identity: (x: number) => x,
  Sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
} as const;

/** One of {@link ACTIVATIONS}. */
export type Activation = keyof typeof ACTIVATIONS;

/**
 * The activation that config.json names, in sentence-transformers' words of today or of old; else sigmoid for one label
 * and none for several.
 *
 * @throws {UnsupportedModuleError} when it is another one of torch
 * @see sentence_transformers.CrossEncoder.get_default_activation_fn
 */
export function readActivation(config: JsonObject, labels: number, folder: string): Activation {
  const settings = config.sentence_transformers as JsonObject | null | undefined;
  const given = settings?.activation_fn ?? config.sbert_ce_default_activation_function;
  // Python trusts no code of a model's own here, and takes the default.
  if (typeof given !== 'string' || !given.startsWith('torch.')) return labels === 1 ? 'Sigmoid' : 'Identity';
  const name = given.slice(given.lastIndexOf('.') + 1);
  if (Object.hasOwn(ACTIVATIONS, name)) return name as Activation;
  throw new UnsupportedModuleError(
    `Cannot load ${folder}: its activation ${given} is not one of ${Object.keys(ACTIVATIONS).join(', ')}.`,
    { module: given, folder },
  );
}

/** @throws {RangeError} when it is none of {@link ACTIVATIONS} */
export function requireActivation(activation: unknown): Activation {
  if (Object.hasOwn(ACTIVATIONS, String(activation))) return activation as Activation;
  throw new RangeError(
    `There is no activation '${activation}'. Choose one of ${Object.keys(ACTIVATIONS).join(', ')}.`,
  );
}

/** Makes each row's scores probabilities, in place. @param scores [n, labels] */
export function softmaxRows(scores: Float32Array, labels: number): void {
  for (let start = 0; start < scores.length; start += labels) {
    const row = scores.subarray(start, start + labels);
    const highest = Math.max(...row);
    const powers = Array.from(row, (score) => Math.exp(score - highest));
    const sum = powers.reduce((a, b) => a + b, 0);
    row.set(powers.map((power) => power / sum));
  }
}
