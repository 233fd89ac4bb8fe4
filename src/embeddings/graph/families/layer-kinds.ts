/** Which layers see their whole sentence and which only what is near. */
import { UnsupportedModelError } from '../../weights/errors.ts';
import type { ConfigReader } from './config-reader.ts';

/** The kinds of layers, as `layer_types` of transformers 5 names them. */
export const LAYER_KINDS = ['full_attention', 'sliding_attention'] as const;

/** One of {@link LAYER_KINDS}. */
export type LayerKind = (typeof LAYER_KINDS)[number];

/**
 * The kind of each layer.
 *
 * @param isFull says it where the file has no `layer_types`
 * @throws {UnsupportedModelError} when `layer_types` has other kinds, or does not name every layer
 */
export function layerKinds(
  config: ConfigReader,
  layers: number,
  isFull: (layer: number) => boolean,
): LayerKind[] {
  const given = config.value('layer_types');
  if (given === undefined) {
    return Array.from({ length: layers }, (_, layer) => LAYER_KINDS[isFull(layer) ? 0 : 1]);
  }
  const kinds = Array.isArray(given) ? given : [];
  if (kinds.length === layers && kinds.every((kind) => LAYER_KINDS.includes(kind))) return kinds;
  throw new UnsupportedModelError('layer_types', given, [`${layers} of ${LAYER_KINDS.join(' or ')}`]);
}
