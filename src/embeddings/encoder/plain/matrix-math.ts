/** The few operations an encoder is made of, on row-major float32 matrices, in plain TypeScript. */
import type { Linear, Norm } from './plain-model.ts';

/**
 * x · weightᵀ + bias. Four rows share every weight that is read: twice as fast as one row after the other.
 *
 * @param x [rows, from]
 * @returns [rows, to]
 */
export function applyLinear(x: Float32Array, { weight, bias }: Linear): Float32Array {
  const to = bias.length;
  const from = weight.length / to;
  const rows = x.length / from;
  const result = new Float32Array(rows * to);
  const whole = rows - (rows % 4);
  for (let unit = 0; unit < to; unit++) {
    const first = unit * from;
    const shift = bias[unit]!;
    for (let row = 0; row < whole; row += 4) {
      const x0 = row * from;
      const x1 = x0 + from;
      const x2 = x1 + from;
      const x3 = x2 + from;
      let [sum0, sum1, sum2, sum3] = [shift, shift, shift, shift];
      for (let i = 0; i < from; i++) {
        const w = weight[first + i]!;
        sum0 += w * x[x0 + i]!;
        sum1 += w * x[x1 + i]!;
        sum2 += w * x[x2 + i]!;
        sum3 += w * x[x3 + i]!;
      }
      const at = row * to + unit;
      result[at] = sum0;
      result[at + to] = sum1;
      result[at + 2 * to] = sum2;
      result[at + 3 * to] = sum3;
    }
    for (let row = whole; row < rows; row++) {
      let sum = shift;
      for (let i = 0; i < from; i++) sum += weight[first + i]! * x[row * from + i]!;
      result[row * to + unit] = sum;
    }
  }
  return result;
}

/** Adds b to a, in place. @returns a */
export function addTo(a: Float32Array, b: Float32Array): Float32Array {
  for (let i = 0; i < a.length; i++) a[i]! += b[i]!;
  return a;
}

/**
 * Gives every row mean 0 and variance 1, then scales and shifts it, in place.
 *
 * @param x [rows, columns of the norm]
 * @returns x
 * @see torch.nn.LayerNorm
 */
export function normalizeRows(x: Float32Array, { weight, bias }: Norm, epsilon: number): Float32Array {
  const columns = weight.length;
  for (let start = 0; start < x.length; start += columns) {
    let mean = 0;
    for (let i = 0; i < columns; i++) mean += x[start + i]! / columns;
    let variance = 0;
    for (let i = 0; i < columns; i++) variance += (x[start + i]! - mean) ** 2 / columns;
    const scale = 1 / Math.sqrt(variance + epsilon);
    for (let i = 0; i < columns; i++) {
      x[start + i] = (x[start + i]! - mean) * scale * weight[i]! + bias[i]!;
    }
  }
  return x;
}

/** x · Φ(x), in place, with Φ the normal distribution. @returns x @see torch.nn.functional.gelu */
export function gelu(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i] = x[i]! * 0.5 * (1 + erf(x[i]! * Math.SQRT1_2));
  return x;
}

/** max(x, 0), in place. @returns x */
export function relu(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) if (x[i]! < 0) x[i] = 0;
  return x;
}

/**
 * The error function, to 1.5e-7.
 *
 * @example erf(1) // 0.842701
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26
 */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

/** Turns a row of scores into weights that add up to 1, in place. */
export function softmax(scores: Float32Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > highest) highest = score;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp(scores[i]! - highest);
    sum += scores[i]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= sum;
}
