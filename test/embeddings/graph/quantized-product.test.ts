import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { DataType, GraphBuilder } from '../../../src/embeddings/graph/onnx/graph.ts';
import {
  type QuantizedMatrix,
  quantizedProduct,
  quantizeMatrix,
} from '../../../src/embeddings/graph/quantized-product.ts';

describe('quantizeMatrix()', () => {
  it('scales each row by its largest number and transposes', () => {
    const { values, scales } = quantizeMatrix(Float32Array.of(1, -2, 0, 4), { rows: 2, columns: 2 });
    expect([...values]).toEqual([64, 0, -127, 127]);
    expect([...scales]).toEqual([Math.fround(2 / 127), Math.fround(4 / 127)]);
  });

  it('errs by half a step at most', () => {
    const [rows, columns] = [70, 33];
    const weight = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i));
    const { values, scales } = quantizeMatrix(weight, { rows, columns });
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const error = weight[row * columns + column]! - values[column * rows + row]! * scales[row]!;
        expect(Math.abs(error)).toBeLessThanOrEqual(scales[row]! * 0.5001);
      }
    }
  });

  it('leaves room in 16 bits for two products with any activations', () => {
    const [rows, columns] = [40, 65];
    const weight = Float32Array.from({ length: rows * columns }, (_, i) => 1 + Math.sin(i * i));
    const { values } = quantizeMatrix(weight, { rows, columns });
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns - 1; column += 2) {
        const [a, b] = [values[column * rows + row]!, values[(column + 1) * rows + row]!];
        expect(255 * (Math.max(a, 0) + Math.max(b, 0))).toBeLessThanOrEqual(32_767);
        expect(255 * (Math.min(a, 0) + Math.min(b, 0))).toBeGreaterThanOrEqual(-32_768);
      }
    }
  });

  it('keeps a row of zeros', () => {
    const { values, scales } = quantizeMatrix(new Float32Array(3), { rows: 1, columns: 3 });
    expect([...values, ...scales]).toEqual([0, 0, 0, 1]);
  });
});

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
    const matrix = quantizeMatrix(weights[weight as keyof typeof weights], { rows: to, columns: from });
    const x = inputs[input as keyof typeof inputs];
    const expected = plainProduct(x, matrix, bias);
    const actual = await runProduct(x, matrix, bias);
    const size = Math.max(...expected.map(Math.abs));
    expect(actual).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) {
      expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-6 * size);
    }
  });

  it('gives a row the same numbers whatever stands beside it', async () => {
    const matrix = quantizeMatrix(weights.mixed, { rows: to, columns: from });
    const x = inputs['rows of very different sizes'];
    const together = await runProduct(x, matrix, bias);
    const alone = await runProduct(x.slice(0, from), matrix, bias);
    expect([...together.subarray(0, to)]).toEqual([...alone]);
  });

  async function runProduct(x: Float32Array, { values, scales }: QuantizedMatrix, addend: Float32Array) {
    const graph = new GraphBuilder();
    const input = graph.input('x', DataType.float, ['rows', from]);
    const matrix = graph.constant(values, [from, to]);
    const operands = { matrix, scales: graph.constant(scales, [to]), bias: graph.constant(addend, [to]) };
    graph.output('y', quantizedProduct(graph, input, operands), DataType.float, ['rows', to]);
    const session = await InferenceSession.create(graph.toModel({ name: 'test', version: '1' }));
    const { y } = await session.run({ x: new Tensor('float32', x, [x.length / from, from]) });
    await session.release();
    return y!.data as Float32Array;
  }

  /** The same in whole numbers and doubles, without any instruction of 8 bits. */
  function plainProduct(x: Float32Array, { values, scales }: QuantizedMatrix, addend: Float32Array) {
    const y: number[] = [];
    for (let start = 0; start < x.length; start += from) {
      const row = x.subarray(start, start + from);
      const largest = Math.max(1e-30, ...row.map(Math.abs));
      const whole = [...row].map((value) => roundToEven(Math.fround(value / largest) / Math.fround(1 / 127)));
      for (let column = 0; column < to; column++) {
        const sum = whole.reduce((total, value, k) => total + value * values[k * to + column]!, 0);
        y.push((sum / 127) * largest * scales[column]! + addend[column]!);
      }
    }
    return y;
  }

  function roundToEven(value: number): number {
    const nearest = Math.round(value);
    return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
  }
});
