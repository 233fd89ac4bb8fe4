import { describe, expect, it } from 'vitest';
import { quantizeMatrix } from '../../../src/embeddings/graph/quantize.ts';

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

  it('keeps a row of zeros', () => {
    const { values, scales } = quantizeMatrix(new Float32Array(3), { rows: 1, columns: 3 });
    expect([...values, ...scales]).toEqual([0, 0, 0, 1]);
  });
});
