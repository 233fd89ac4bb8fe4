/** Reading and writing notebook files. */
import { describe, expect, it } from 'vitest';
import { NotebookFormatError } from '../../../src/jupyter/client/errors.ts';
import { codeCells, parseNotebook, serializeNotebook } from '../../../src/jupyter/notebook/nbformat.ts';

const old = {
  nbformat: 4,
  nbformat_minor: 2,
  metadata: { kernelspec: { name: 'tsbert', display_name: 'TypeScript (tsbert)' } },
  cells: [
    { cell_type: 'markdown', metadata: {}, source: ['# Title\n', 'text'] },
    {
      cell_type: 'code',
      execution_count: 1,
      metadata: { tags: ['a'] },
      source: 'x',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['one\n', 'two'] },
        {
          output_type: 'execute_result',
          execution_count: 1,
          metadata: {},
          data: { 'text/plain': ['a\n', 'b'], 'application/json': ['a', 'b'], 'image/png': 'QUJD\n' },
        },
        { output_type: 'error', ename: 'Error', evalue: 'no', traceback: ['Error: no'] },
      ],
    },
  ],
};

describe('parseNotebook()', () => {
  it('joins lines to strings and leaves JSON payloads alone', () => {
    const { cells } = parseNotebook(JSON.stringify(old), 'a.ipynb');
    expect(cells[0]?.source).toBe('# Title\ntext');
    expect(cells[1]).toMatchObject({
      outputs: [
        { text: 'one\ntwo' },
        { data: { 'text/plain': 'a\nb', 'application/json': ['a', 'b'], 'image/png': 'QUJD\n' } },
        { ename: 'Error' },
      ],
    });
  });

  it('upgrades 4.2 to 4.5 with a unique id on every cell', () => {
    const cells = [{ ...old.cells[0], id: 'cell-2' }, old.cells[1], { ...old.cells[0], id: 'cell-2' }];
    const notebook = parseNotebook(JSON.stringify({ ...old, cells }), 'a.ipynb');
    expect(notebook.nbformat_minor).toBe(5);
    const ids = notebook.cells.map((cell) => cell.id);
    expect(ids[0]).toBe('cell-2');
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    ['', /empty/],
    ['{"cells": [', /not JSON/],
    ['[]', /outermost value/],
    ['{"a": 1}', /no nbformat version/],
    ['{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}', /format 3.*nbconvert --to notebook/],
    ['{"nbformat": 4, "nbformat_minor": 5}', /no list of cells/],
    ['{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "code"}]}', /Cell 1 has no source/],
    ['{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "x", "source": ""}]}', /unknown type "x"/],
  ])('names the file and the problem of %j', (text, problem) => {
    const parse = () => parseNotebook(text, 'dir/bad.ipynb');
    expect(parse).toThrow(NotebookFormatError);
    expect(parse).toThrow(problem);
    expect(parse).toThrow(/^dir\/bad\.ipynb: /);
  });
});

describe('parseNotebook() of what it does not know', () => {
  it('keeps unknown fields of the notebook, its cells and its outputs', () => {
    const file = {
      ...old,
      nbformat_minor: 5,
      theirs: { a: 1 },
      cells: old.cells.map((cell, i) => ({ ...cell, id: `c${i}`, their_cell: i })),
    };
    file.cells[1] = {
      ...file.cells[1]!,
      outputs: old.cells[1]!.outputs!.map((output) => ({ ...output, their_output: true })),
    } as never;
    const written = JSON.parse(serializeNotebook(parseNotebook(JSON.stringify(file), 'a.ipynb')));
    expect(written.theirs).toEqual({ a: 1 });
    expect(written.cells.map((cell: { their_cell: number }) => cell.their_cell)).toEqual([0, 1]);
    for (const output of written.cells[1].outputs) expect(output.their_output).toBe(true);
  });

  it.each([[`{"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, /nested more than 500 levels deep/]])(
    'refuses the metadata %.60s',
    (metadata, problem) => {
      const text = `{"nbformat": 4, "nbformat_minor": 5, "metadata": ${metadata}, "cells": []}`;
      expect(() => parseNotebook(text, 'a.ipynb')).toThrow(problem);
    },
  );
});

describe('serializeNotebook()', () => {
  it('round-trips', () => {
    const notebook = parseNotebook(JSON.stringify(old), 'a.ipynb');
    expect(parseNotebook(serializeNotebook(notebook), 'a.ipynb')).toEqual(notebook);
  });

  it('writes sorted keys, one space of indent and lists of lines, as Jupyter does', () => {
    const text = serializeNotebook({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [
        { id: 'a', cell_type: 'code', metadata: {}, source: 'a\nb', execution_count: null, outputs: [] },
      ],
    });
    expect(text).toBe(
      [
        '{',
        ' "cells": [',
        '  {',
        '   "cell_type": "code",',
        '   "execution_count": null,',
        '   "id": "a",',
        '   "metadata": {},',
        '   "outputs": [],',
        '   "source": [',
        '    "a\\n",',
        '    "b"',
        '   ]',
        '  }',
        ' ],',
        ' "metadata": {},',
        ' "nbformat": 4,',
        ' "nbformat_minor": 5',
        '}',
        '',
      ].join('\n'),
    );
  });
});

describe('codeCells()', () => {
  it('keeps the place in the notebook', () => {
    const notebook = parseNotebook(JSON.stringify(old), 'a.ipynb');
    expect(codeCells(notebook).map(({ index }) => index)).toEqual([1]);
  });
});
