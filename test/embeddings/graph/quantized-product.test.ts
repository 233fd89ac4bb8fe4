import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { DataType, GraphBuilder } from '../../../src/embeddings/graph/onnx/graph.ts';
import {
  type QuantizedLinear,
  quantizedOperands,
  quantizedProduct,
  quantizeLinear,
} from '../../../src/embeddings/graph/quantized-product.ts';

describe('quantizedProduct()', () => {
  const [from, to] = [70, 37];
  const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step));
  const bias = wave(to, 0.7);
  /** Numbers of one sign at full size, which overflow 16 bits where nothing prevents it; and a mixture. */
  const weights = {
    positive: new Float32Array(from * to).fill(1),
    negative: new Float32Array(from * to).fill(-1),
    mixed: wave(from * to, 1.3),
  };
  const inputs = {
    'all at the top': new Float32Array(4 * from).fill(5),
    'all at the bottom': new Float32Array(4 * from).fill(-5),
    'rows of very different sizes': wave(4 * from, 0.9).map((x, i) => x * 1000 ** Math.floor(i / from)),
    'a spike in each row': wave(4 * from, 0.9).map((x, i) => (i % from === 3 ? 90 : x)),
    zeros: new Float32Array(4 * from),
  };

  it.each(
    Object.keys(weights).flatMap((weight) => Object.keys(inputs).map((input) => [weight, input] as const)),
  )('equals plain arithmetic on this processor: weights %s, input %s', async (weight, input) => {
    for (const outliers of [Int32Array.of(), Int32Array.of(3, 40)]) {
      const linear = quantize(weights[weight as keyof typeof weights], outliers);
      const x = inputs[input as keyof typeof inputs];
      const expected = plainProduct(x, linear);
      const actual = await runProduct(x, linear);
      const size = Math.max(...expected.map(Math.abs));
      expect(actual).toHaveLength(expected.length);
      for (const [i, value] of expected.entries()) {
        expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-5 * size);
      }
    }
  });

  it('comes close to the product in float32, all the more where spikes are known', async () => {
    const x = inputs['a spike in each row'];
    const error = async (outliers: Int32Array) => {
      const own = await runProduct(x, quantize(weights.mixed, outliers));
      return Math.max(...floatProduct(x, weights.mixed).map((value, i) => Math.abs(value - own[i]!)));
    };
    expect(await error(Int32Array.of())).toBeLessThan(2);
    expect(await error(Int32Array.of(3))).toBeLessThan(0.1);
  });

  it('gives a row the same numbers whatever stands beside it', async () => {
    const linear = quantize(weights.mixed, Int32Array.of(5));
    const x = inputs['rows of very different sizes'];
    const together = await runProduct(x, linear);
    const alone = await runProduct(x.slice(0, from), linear);
    for (let i = 0; i < to; i++) expect(together[i]).toBeCloseTo(alone[i]!, 5);
  });

  function quantize(weight: Float32Array, outliers: Int32Array): QuantizedLinear {
    return quantizeLinear(weight.slice(), { from, bias, outliers });
  }

  async function runProduct(x: Float32Array, linear: QuantizedLinear) {
    const graph = new GraphBuilder();
    const input = graph.input('x', DataType.float, ['rows', from]);
    const matrix = graph.constant(linear.values, [from, to]);
    const product = quantizedProduct(graph, input, quantizedOperands(graph, matrix, linear));
    graph.output('y', product, DataType.float, ['rows', to]);
    const session = await InferenceSession.create(graph.toModel({ name: 'test', version: '1' }));
    const { y } = await session.run({ x: new Tensor('float32', x, [x.length / from, from]) });
    await session.release();
    return y!.data as Float32Array;
  }

  function floatProduct(x: Float32Array, weight: Float32Array): number[] {
    return rowsOf(x).flatMap((row) =>
      Array.from({ length: to }, (_, unit) =>
        row.reduce((sum, value, k) => sum + value * weight[unit * from + k]!, bias[unit]!),
      ),
    );
  }

  /** The same as the graph's in whole numbers and doubles, without any instruction of 8 bits. */
  function plainProduct(x: Float32Array, { values, scales, outliers, aside }: QuantizedLinear): number[] {
    return rowsOf(x).flatMap((row) => {
      const inner = row.map((value, k) => (outliers.includes(k) ? 0 : value));
      const [lowest, highest] = [Math.min(0, ...inner), Math.max(0, ...inner)];
      const step = Math.max(Math.fround(Math.fround(highest - lowest) * Math.fround(1 / 254)), 1e-30);
      const zeroPoint = roundToEven(Math.fround(-lowest / step));
      const whole = inner.map((value) => roundToEven(Math.fround(value / step)));
      expect(Math.min(...whole) + zeroPoint).toBeGreaterThanOrEqual(0);
      expect(Math.max(...whole) + zeroPoint).toBeLessThanOrEqual(255);
      return Array.from(scales, (scale, unit) => {
        const product = whole.reduce((sum, value, k) => sum + value * values[k * to + unit]!, 0);
        const aparts = [...outliers].map((k, i) => row[k]! * aside[i * to + unit]!);
        return product * step * scale + aparts.reduce((sum, value) => sum + value, bias[unit]!);
      });
    });
  }

  function rowsOf(x: Float32Array): number[][] {
    return Array.from({ length: x.length / from }, (_, row) => [...x.subarray(row * from, (row + 1) * from)]);
  }

  function roundToEven(value: number): number {
    const nearest = Math.round(value);
    return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
  }
});
