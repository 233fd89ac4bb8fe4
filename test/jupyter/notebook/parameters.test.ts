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

  it.each([
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NaN, 'NaN'],
    [-0, '-0'],
    [12345678901234567890n, '12345678901234567890n'],
    [undefined, 'undefined'],
    [[1, [undefined, -0]], '[1,[undefined,-0]]'],
    [JSON.parse('{"__proto__": {"a": null}}'), '{["__proto__"]:{"a":null}}'],
  ])('keeps %s, which JSON cannot hold', (value, text) => {
    const [source] = sources(injectParameters(notebookOf(), { a: value }));
    expect(source).toBe(`// Parameters\nconst a = ${text};`);
  });

  it('refuses what is no plain data, and what has no end', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    for (const value of [() => 1, new Date(0), Symbol('s'), endless]) {
      expect(() => injectParameters(notebookOf(), { a: value })).toThrow(/The parameter 'a' holds/);
    }
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

  it.each([
    ['1e999', /the number 1e999 would become Infinity/],
    ['12345678901234567890', /12345678901234567890 would become 12345678901234567000/],
    ['{"a": [9007199254740993]}', /9007199254740993 would become 9007199254740992/],
  ])('refuses %s, which would be changed', (text, problem) => {
    expect(() => parseParameter(text, 'x')).toThrow(problem);
  });

  it.each(['"1e999"', '9007199254740992', '0.1', '1e3', '-5'])('takes %s as it is', (text) => {
    expect(parseParameter(text)).toBe(JSON.parse(text));
  });
});
