import { describe, expect, it } from 'vitest';
import { columnSums, quantizeMatrix, takeColumns } from '../../../src/embeddings/weights/quantize-matrix.ts';

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

describe('columnSums()', () => {
  it('is the product with ones', () => {
    const matrix = quantizeMatrix(Float32Array.of(1, -2, 0, 4), { rows: 2, columns: 2 });
    // (64 - 127) × 2 / 127 and 127 × 4 / 127
    expect([...columnSums(matrix)]).toEqual([Math.fround(-63 * Math.fround(2 / 127)), 4]);
  });
});

describe('takeColumns()', () => {
  it('takes columns out, transposed, and leaves zeros', () => {
    const weight = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect([...takeColumns(weight, { rows: 2, columns: 3 }, Int32Array.of(0, 2))]).toEqual([1, 4, 3, 6]);
    expect([...weight]).toEqual([0, 2, 0, 0, 5, 0]);
  });
});
