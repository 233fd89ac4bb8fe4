/** The precisions in which a model can be loaded. */

/**
 * - `fp32`: the weights exactly as they are stored (half precision is widened), arithmetic in float32.
 * - `fp16`: the weights rounded to half precision (unless they are stored in 16 bits already), arithmetic in
 *   float32: half the file, no gain in speed on a CPU.
 * - `q8`: weights and activations of the linear modules in 8 bits, everything else in float32: faster, less exact; the
 *   loaded encoder tells how much, and is refused where it is too much.
 * - `auto`: `q8` where this processor gains by it and it is not refused, else `fp32`. Numbers then depend on the machine,
 *   so it is taken only where it is asked for.
 */
export type Dtype = (typeof DTYPES)[number];

/** The names that `dtype` may have. */
export const DTYPES = ['auto', 'fp32', 'fp16', 'q8'] as const;

/** A precision that weights can have. */
export type WeightsDtype = Exclude<Dtype, 'auto'>;

/**
 * Checks a precision's name.
 *
 * @returns the same, and for `auto` what it is where nothing can be gained
 * @throws {RangeError} when it is not one of DTYPES
 * @example
 * resolveDtype('auto') // 'fp32'
 */
export function resolveDtype(dtype: unknown): WeightsDtype {
  if (!DTYPES.includes(dtype as Dtype)) {
    const allowed = DTYPES.map((name) => `'${name}'`).join(', ');
    throw new RangeError(`Unknown dtype ${JSON.stringify(dtype)}. Choose one of ${allowed}.`);
  }
  return dtype === 'auto' ? 'fp32' : (dtype as WeightsDtype);
}
