import { describe, expect, it } from 'vitest';
import { packBatch } from '../../../src/embeddings/encoder/packed-batch.ts';

describe('packBatch()', () => {
  const sentences = [Int32Array.of(7, 8, 9), Int32Array.of(5)];

  it('puts tokens one after the other and says where they stand', () => {
    const packed = packBatch(sentences, { positionPadding: undefined, heads: 2 });
    expect(packed).toMatchObject({ batch: 2, sequence: 3 });
    expect([...packed.inputIds]).toEqual([7, 8, 9, 5]);
    expect([...packed.positionIds]).toEqual([0, 1, 2, 0]);
    expect([...packed.padIndex]).toEqual([0, 1, 2, 3, 0, 0]);
    // [batch, heads, sequence] has 6 places a sentence: the second begins at 6.
    expect([...packed.unpadIndex]).toEqual([0, 1, 2, 6]);
  });

  it('masks padding and nothing else', () => {
    const { maskBias } = packBatch(sentences, { positionPadding: undefined, heads: 2 });
    expect([...maskBias.map((bias) => (bias === 0 ? 0 : 1))]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(maskBias[4]).toBe(-3.4028234663852886e38);
  });

  it('counts positions from the id after the padding, and not over padding inside a text', () => {
    const { positionIds } = packBatch([Int32Array.of(0, 9, 1, 8, 2)], { positionPadding: 1, heads: 1 });
    // RobertaModel: cumsum(id != 1) * (id != 1) + 1
    expect([...positionIds]).toEqual([2, 3, 1, 4, 5]);
  });
});
