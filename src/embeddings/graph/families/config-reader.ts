/** Reads config.json key by key; what is missing or cannot be computed is an error that names the key. */
import { UnsupportedModelError } from '../../weights/errors.ts';
import { requireActivation } from '../blocks/activations.ts';
import type { RotaryRule } from '../blocks/rotary.ts';

/** The values of a config.json. */
export class ConfigReader {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** The value of the first of these keys that has one; null counts as none. */
  value(...keys: readonly string[]): unknown {
    for (const key of keys) {
      const value = this.#values[key];
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  }

  /**
   * A count.
   *
   * @param keys the key, or its names in several forms of the file
   * @throws {TypeError} when it is not a whole number of 0 or more
   */
  size(keys: string | readonly string[], byDefault?: number): number {
    const names = [keys].flat();
    const value = this.value(...names) ?? byDefault;
    if (Number.isInteger(value) && (value as number) >= 0) return value as number;
    throw new TypeError(
      `config.json should give ${names.join(' or ')} as a whole number and gives ${JSON.stringify(value)}. ` +
        'Download the model again, or correct the file.',
    );
  }

  /** A number. @throws {TypeError} when it is none */
  number(keys: string | readonly string[], byDefault: number): number {
    const names = [keys].flat();
    const value = this.value(...names) ?? byDefault;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new TypeError(
      `config.json should give ${names.join(' or ')} as a number and gives ${JSON.stringify(value)}. ` +
        'Download the model again, or correct the file.',
    );
  }

  /** A yes or no. @throws {TypeError} when it is neither */
  flag(key: string, byDefault: boolean): boolean {
    const value = this.value(key) ?? byDefault;
    if (typeof value === 'boolean') return value;
    throw new TypeError(
      `config.json should give ${key} as true or false and gives ${JSON.stringify(value)}. ` +
        'Download the model again, or correct the file.',
    );
  }

  /** The name of an activation. @throws {UnsupportedModelError} when no graph can be written for it */
  activation(key: string, byDefault: string): string {
    return requireActivation(this.value(key) ?? byDefault, key);
  }

  /**
   * Refuses a setting that would change the computation into one the graph does not do.
   *
   * @param allowed the values that can be met; a key without value counts as the first of them
   * @throws {UnsupportedModelError} when it is another
   */
  only(key: string, ...allowed: readonly (string | number | boolean)[]): void {
    const value = this.value(key) ?? allowed[0];
    if (!allowed.includes(value as string)) throw new UnsupportedModelError(key, value, allowed.map(String));
  }

  /** Refuses a setting that asks for what the graph does not do, unless it is null or false. */
  none(key: string): void {
    const value = this.value(key);
    if (value !== undefined && value !== false) throw new UnsupportedModelError(key, value, ['null']);
  }

  /** The first of these keys that has a value, for messages; without any the first. */
  keyOf(...keys: readonly [string, ...string[]]): string {
    return keys.find((key) => this.value(key) !== undefined) ?? keys[0];
  }

  /** The sizes that attention needs, where heads divide the hidden units. @throws {RangeError} when they do not */
  heads(key: string | readonly string[], hiddenSize: number, byDefault?: number): number {
    const heads = this.size(key, byDefault);
    if (heads > 0 && hiddenSize % heads === 0) return heads;
    throw new RangeError(
      `config.json asks for ${heads} attention heads (${[key].flat().join(' or ')}) and ${hiddenSize} hidden ` +
        'units, which heads must divide. Check that config.json is the model’s own.',
    );
  }

  /**
   * How queries and keys turn: `rope_parameters` of transformers 5, or `rope_theta` and `rope_scaling` before it.
   *
   * @param theta the key of the base in the old form, and the family's default
   * @param options.layerType the part of `rope_parameters` that speaks of these layers, where layers differ
   * @param options.isScaled whether `rope_scaling` of the old form speaks of these layers; default: yes
   * @throws {UnsupportedModelError} when the scaling is of a kind that the graph does not do
   */
  rotary(
    theta: { key: string; byDefault: number },
    { layerType, isScaled = true }: { layerType?: string; isScaled?: boolean } = {},
  ): RotaryRule {
    const given = object(this.value('rope_parameters'));
    const parameters = (layerType !== undefined && object(given?.[layerType])) || given || {};
    const scaling = (isScaled ? object(this.value('rope_scaling')) : undefined) ?? parameters;
    const base = parameters.rope_theta ?? this.number(theta.key, theta.byDefault);
    if (typeof base !== 'number' || !(base > 0)) {
      throw new UnsupportedModelError('rope_theta', base, ['a number above 0']);
    }
    const partial = parameters.partial_rotary_factor ?? this.value('partial_rotary_factor') ?? 1;
    if (partial !== 1) throw new UnsupportedModelError('partial_rotary_factor', partial, ['1']);
    return { theta: base, scaling: readScaling(scaling) };
  }
}

const PLAIN = ['default', 'none'];

function readScaling(scaling: Readonly<Record<string, unknown>>): RotaryRule['scaling'] {
  const kind = scaling.rope_type ?? scaling.type ?? 'default';
  if (PLAIN.includes(kind as string)) return undefined;
  const { factor } = scaling;
  const isKnown = (kind === 'linear' || kind === 'ntk') && typeof factor === 'number' && factor > 0;
  const isMixed = scaling.mixed_b !== undefined && scaling.mixed_b !== null;
  if (!isKnown || isMixed) {
    throw new UnsupportedModelError('rope_scaling', scaling, [
      'default',
      'linear with a factor',
      'ntk with a factor',
    ]);
  }
  return { kind, factor };
}

function object(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
