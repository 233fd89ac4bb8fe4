/** Numbers in 16 bits, given and returned as their bits: IEEE 754 half precision and bfloat16. */

/** Half precision to float32: exact. @example halfToFloat(Uint16Array.of(0x3c00)) // [1] */
export function halfToFloat(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!;
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0) values[i] = sign * fraction * 2 ** -24;
    else if (exponent === 31) values[i] = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    else values[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return values;
}

/** bfloat16 to float32: exact, for it is the upper half of a float32. */
export function brainToFloat(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i]! << 16;
  return new Float32Array(wide.buffer);
}

/**
 * Float32 to half precision, rounded to the nearest and in a tie to the even; too large becomes infinity.
 *
 * @example
 * floatToHalf(Float32Array.of(1, 65520)) // [0x3c00, 0x7c00]
 */
export function floatToHalf(values: Float32Array): Uint16Array {
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < wide.length; i++) bits[i] = roundToHalf(wide[i]!);
  return bits;
}

/** One float32's bits to half precision's. */
function roundToHalf(wide: number): number {
  const sign = (wide >>> 16) & 0x8000;
  const magnitude = wide & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  const exponent = magnitude >>> 23;
  if (exponent >= 113) return sign | roundShift(magnitude - (112 << 23), 13);
  if (exponent < 102) return sign;
  return sign | roundShift((magnitude & 0x7fffff) | 0x800000, 126 - exponent);
}

/** Drops the lowest bits of a number, rounding to the nearest and in a tie to the even. */
function roundShift(value: number, bits: number): number {
  const kept = value >>> bits;
  const dropped = value & ((1 << bits) - 1);
  const tie = 1 << (bits - 1);
  return dropped > tie || (dropped === tie && kept & 1) ? kept + 1 : kept;
}
