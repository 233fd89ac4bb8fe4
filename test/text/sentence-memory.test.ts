/** What numbers remember of the sentences they were made of, and for how long. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import {
  rememberColumn,
  rememberComparison,
  rememberedSentences,
  rememberPart,
  rememberRows,
  rememberSentences,
} from '../../src/text/sentence-memory.ts';

const host = globalThis as unknown as Record<symbol, unknown>;
const EXECUTION_COUNT = Symbol.for('Jupyter.executionCount');
afterEach(() => delete host[EXECUTION_COUNT]);

describe('sentence memory', () => {
  it('keeps the sentences as they were', () => {
    const list = ['a', 'b'];
    const embeddings = rememberSentences({}, list);
    list[1] = 'c';
    expect(rememberedSentences(embeddings)).toEqual({ rows: ['a', 'b'], cells: [] });
  });

  it('knows both sides of a comparison, and nothing where one side is unknown', () => {
    const a = rememberSentences({}, ['a']);
    const b = rememberSentences({}, ['b', 'c']);
    expect(rememberedSentences(rememberComparison({}, { a, b, areCosines: true }))).toEqual({
      rows: ['a'],
      columns: ['b', 'c'],
      cells: [],
    });
    expect(rememberedSentences(rememberComparison({}, { a, b: [[1, 2]], areCosines: true }))).toBe(undefined);
  });

  it('names the cells, in a notebook', () => {
    host[EXECUTION_COUNT] = () => 5;
    const embeddings = rememberSentences({}, ['a']);
    host[EXECUTION_COUNT] = () => 8;
    expect(
      rememberedSentences(rememberComparison({}, { a: embeddings, b: embeddings, areCosines: true }))!.cells,
    ).toEqual([5, 8]);
  });

  it('follows rows', () => {
    const all = rememberSentences({}, ['a', 'b', 'c']);
    expect(rememberedSentences(rememberRows({}, all))!.rows).toEqual(['a', 'b', 'c']);
    expect(rememberedSentences(rememberPart({}, all, 1))!.rows).toEqual(['b', 'c']);
    expect(rememberedSentences(rememberPart({}, {}, 1))).toBe(undefined);
  });

  it('knows the model of its own embeddings and their cosines, and of nothing that was changed', () => {
    const a = rememberSentences({}, ['a', 'b'], 'm');
    const other = rememberSentences({}, ['a', 'b'], 'n');
    const modelOf = (matrix: object) => rememberedSentences(matrix)!.model;
    const compare = (one: object, two: object, areCosines = true) =>
      modelOf(rememberComparison({}, { a: one, b: two, areCosines }));
    expect([modelOf(a), modelOf(rememberPart({}, a, 1)), compare(a, a)]).toEqual(['m', 'm', 'm']);
    expect([modelOf(rememberRows({}, a)), compare(a, other), compare(a, a, false)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('puts columns together, if they agree', () => {
    const fill = (lists: string[][]) => {
      const matrix = {};
      for (const [i, list] of lists.entries()) {
        const all = rememberSentences({}, list);
        const a = rememberPart({}, all, 0, 1);
        rememberColumn(matrix, i, rememberComparison({}, { a, b: all, areCosines: true }));
      }
      return rememberedSentences(matrix)?.rows;
    };
    expect(fill([['a', 'b'], ['b']])).toEqual(['a', 'b']);
    expect(fill([['a', 'b'], ['x']])).toBe(undefined);
  });

  it('lets go of the numbers', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const numbers = new WeakRef(
      rememberComparison(
        {},
        { a: rememberSentences({}, ['a']), b: rememberSentences({}, ['a']), areCosines: true },
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(numbers.deref()).toBe(undefined);
  });

  it('keeps no long list alive', () => {
    expect(rememberedSentences(rememberSentences({}, new Array<string>(10_001).fill('x')))).toBe(undefined);
  });
});
