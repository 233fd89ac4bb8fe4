/** What front ends say of a cell, and what they might. */
import { describe, expect, it } from 'vitest';
import { readCellMetadata } from '../../../src/kernel/freshness/cell-metadata.ts';

describe('readCellMetadata()', () => {
  it('reads what JupyterLab sends', () => {
    expect(
      readCellMetadata({ trusted: true, cellId: 'a', deletedCells: ['b'], recordTiming: false }),
    ).toEqual({
      cellId: 'a',
      deletedCells: ['b'],
      auto: undefined,
    });
  });
  it.each([
    [{ tsbert: { auto: true } }, true],
    [{ 'tsbert.auto': false }, false],
    [{ tsbert: { auto: 'yes' } }, undefined],
    [{ tsbert: null }, undefined],
  ])('reads tsbert.auto of %j', (metadata, auto) => {
    expect(readCellMetadata(metadata).auto).toBe(auto);
  });
  it('takes what is not as expected for absent', () => {
    expect(readCellMetadata({ cellId: 5, deletedCells: 'all' })).toEqual({
      cellId: undefined,
      deletedCells: [],
      auto: undefined,
    });
    expect(readCellMetadata({ deletedCells: ['a', 1] }).deletedCells).toEqual(['a']);
  });
});
