/** The notebook that grades itself, and the grades read off it. */
import { describe, expect, it } from 'vitest';
import { findLesson } from '../../../src/activity/lesson.ts';
import { gradingNotebook, lessonNameOf, readGrades } from '../../../src/cli/grading/grading-notebook.ts';
import { type Output, parseNotebook } from '../../../src/jupyter/notebook/nbformat.ts';

const notebookOf = (sources: string[], metadata = {}) =>
  parseNotebook(
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata,
      cells: sources.map((source) => ({
        cell_type: 'code',
        source,
        metadata: {},
        execution_count: 7,
        outputs: [{ output_type: 'stream', name: 'stdout', text: '✓ Right.' }],
      })),
    }),
    'a.ipynb',
  );
const search = findLesson('semantic-search');

describe('lessonNameOf()', () => {
  it.each([
    ['metadata', notebookOf([], { tsbert: { lesson: 'activity' } }), 'activity'],
    ['its code', notebookOf(["const { check } = lesson('sentence-map');"]), 'sentence-map'],
    ['nothing', notebookOf(['1 + 1']), undefined],
  ])('reads %s', (_, notebook, name) => expect(lessonNameOf(notebook)).toBe(name));
});

describe('gradingNotebook()', () => {
  it('keeps the code, drops what it showed, and asks for each blank in a cell of its own', () => {
    const { cells } = gradingNotebook(notebookOf(['const a = 1;']), search, 'k1');
    expect(cells.map(({ source }) => source)).toEqual([
      'const a = 1;',
      "import { gradeBlank as grade_k1 } from 'tsbert/activity';",
      "await grade_k1('k1', 'semantic-search', 1, () => corpusEmbeddings, () => ({ model, corpus }))",
      "await grade_k1('k1', 'semantic-search', 2, () => search, () => ({ model, corpus }))",
    ]);
    for (const cell of cells) expect(cell).toMatchObject({ outputs: [], execution_count: null });
  });
});

describe('readGrades()', () => {
  const grade = (key: string, blank: number, kind = 'right'): Output => ({
    output_type: 'execute_result',
    execution_count: 1,
    metadata: {},
    data: { 'application/vnd.tsbert.grade+json': { key, blank, kind, message: '' } },
  });
  const gradesOf = (first: Output[], second: Output[]) => {
    const notebook = gradingNotebook(notebookOf([]), search, 'k1');
    for (const [i, outputs] of [first, second].entries()) {
      const cell = notebook.cells.at(i - 2)!;
      if (cell.cell_type === 'code') cell.outputs = outputs;
    }
    return readGrades(notebook, search, 'k1').map(({ kind, message }) => [kind, message]);
  };

  it('takes the grade of each blank', () => {
    expect(gradesOf([grade('k1', 1)], [grade('k1', 2, 'wrong')])).toEqual([
      ['right', ''],
      ['wrong', ''],
    ]);
  });

  it('takes no grade of another key or blank, nor what was only displayed', () => {
    const displayed: Output = { ...grade('k1', 2), output_type: 'display_data' } as never;
    const missing = ['error', 'The run ended before this blank was reached.'];
    expect(gradesOf([grade('other', 1), grade('k1', 2)], [displayed])).toEqual([missing, missing]);
  });

  it('tells what is missing, and other errors as they are', () => {
    const error = (ename: string, evalue: string): Output => ({
      output_type: 'error',
      ename,
      evalue,
      traceback: [],
    });
    expect(
      gradesOf(
        [error('TypeScriptError', "In[9]:1:3: Cannot find name 'model'.")],
        [error('RangeError', 'too far')],
      ),
    ).toEqual([
      ['error', 'There is no model: its cell failed or is gone.'],
      ['error', 'RangeError: too far'],
    ]);
  });
});
