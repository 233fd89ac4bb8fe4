/** Parameters set from outside. */
import { describe, expect, it } from 'vitest';
import type { Notebook } from '../../../src/jupyter/notebook/nbformat.ts';
import { injectParameters, parseParameter } from '../../../src/jupyter/notebook/parameters.ts';

function notebookOf(...tags: string[][]): Notebook {
  const cells = tags.map((tags, i) => ({
    id: `c${i}`,
    cell_type: 'code' as const,
    source: `// cell ${i}`,
    metadata: { tags },
    execution_count: null,
    outputs: [],
  }));
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

const sources = ({ cells }: Notebook) => cells.map((cell) => cell.source);

describe('injectParameters()', () => {
  const cell = '// Parameters\nconst a = 1;\nconst b = {"c":["d"]};';
  const parameters = { a: 1, b: { c: ['d'] } };

  it('stands behind the cell tagged parameters, else first', () => {
    const tagged = injectParameters(notebookOf([], ['parameters'], []), parameters);
    expect(sources(tagged)).toEqual(['// cell 0', '// cell 1', cell, '// cell 2']);
    expect(sources(injectParameters(notebookOf([]), parameters))).toEqual([cell, '// cell 0']);
  });

  it('replaces what was injected before, and leaves the given notebook alone', () => {
    const given = notebookOf(['parameters'], []);
    const twice = injectParameters(injectParameters(given, { a: 2 }), parameters);
    expect(sources(twice)).toEqual(['// cell 0', cell, '// cell 1']);
    expect(sources(given)).toEqual(['// cell 0', '// cell 1']);
  });

  it('refuses what is no name', () => {
    expect(() => injectParameters(notebookOf([]), { 'a-b': 1 })).toThrow(/'a-b' is no name of a variable/);
  });
});

describe('parseParameter()', () => {
  it.each([
    ['3', 3],
    ['"3"', '3'],
    ['[1, 2]', [1, 2]],
    ['plain text', 'plain text'],
  ])('reads %s', (text, value) => expect(parseParameter(text)).toEqual(value));
});
