/** Arrays print as real numpy printed them, and as the activity's own output shows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatArray } from '../../src/text/format-array.ts';

interface NumpyCase {
  name: string;
  dtype: string;
  shape: number[];
  data: (number | string | boolean)[] | { step: number; count: number };
  text: string;
}

const numpyCases: NumpyCase[] = JSON.parse(
  readFileSync(new URL('./numpy-arrays.json', import.meta.url), 'utf8'),
).cases;

function valuesOf({ data }: NumpyCase): number[] {
  if (!Array.isArray(data)) return Array.from({ length: data.count }, (_, i) => i * data.step);
  const named: Record<string, number> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity };
  return data.map((value) => named[String(value)] ?? Number(value));
}

describe('formatArray() prints as numpy does', () => {
  it.each(numpyCases)('$name', (numpyCase) => {
    const { shape, dtype, text } = numpyCase;
    expect(formatArray(valuesOf(numpyCase), shape, { dtype })).toBe(text);
  });
});

describe('formatArray() prints the activity', () => {
  it('similarities of bert-base-nli-mean-tokens', () => {
    const sim = [
      [1, 0, 0, 0, 0],
      [0.40970904, 1.00000024, 0, 0, 0],
      [0.10871316, 0.30755171, 1, 0, 0],
      [0.50074869, 0.41413638, 0.15639579, 1.00000012, 0],
      [0.29936212, 0.35473359, 0.24160701, 0.63849497, 0.99999988],
    ];
    expect(
      formatArray(sim.flat(), [5, 5]),
    ).toBe(`array([[1.        , 0.        , 0.        , 0.        , 0.        ],
       [0.40970904, 1.00000024, 0.        , 0.        , 0.        ],
       [0.10871316, 0.30755171, 1.        , 0.        , 0.        ],
       [0.50074869, 0.41413638, 0.15639579, 1.00000012, 0.        ],
       [0.29936212, 0.35473359, 0.24160701, 0.63849497, 0.99999988]])`);
  });

  it('similarities of all-mpnet-base-v2, with a negative value', () => {
    const sim = [
      [1, 0, 0, 0, 0],
      [0.34552321, 1, 0, 0, 0],
      [0.03474139, 0.04706889, 0.99999994, 0, 0],
      [0.04334457, 0.03544566, -0.05432385, 1.00000024, 0],
      [0.053985, 0.07222687, 0.02947495, 0.51847208, 1.00000012],
    ];
    expect(
      formatArray(sim.flat(), [5, 5]),
    ).toBe(`array([[ 1.        ,  0.        ,  0.        ,  0.        ,  0.        ],
       [ 0.34552321,  1.        ,  0.        ,  0.        ,  0.        ],
       [ 0.03474139,  0.04706889,  0.99999994,  0.        ,  0.        ],
       [ 0.04334457,  0.03544566, -0.05432385,  1.00000024,  0.        ],
       [ 0.053985  ,  0.07222687,  0.02947495,  0.51847208,  1.00000012]])`);
  });
});

describe('formatArray() arguments', () => {
  it('takes the type from a typed array', () => {
    expect(formatArray(new Float32Array([0.1]), [1])).toBe('array([0.1], dtype=float32)');
    expect(formatArray(new Int32Array([7]), [])).toBe('array(7, dtype=int32)');
  });

  it('refuses a shape of another size', () => {
    expect(() => formatArray([1, 2, 3], [2, 2])).toThrow(
      new RangeError('Cannot print an array of shape [2, 2]: it holds 4 values, but 3 were given.'),
    );
  });

  it('refuses a type it cannot print', () => {
    expect(() => formatArray([1], [1], { dtype: 'complex64' })).toThrow(TypeError);
  });
});
