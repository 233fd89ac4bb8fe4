/** Turns a learner's notebook into one that grades itself, and reads the grades off it when it was run. */

import { GRADE_MIME, type Grade } from '../../activity/grade.ts';
import type { Blank, Lesson } from '../../activity/work/finding.ts';
import { type CodeCell, codeCells, type Notebook } from '../../jupyter/notebook/nbformat.ts';

/** What a blank got: a grade, or why there is none. */
export interface BlankResult {
  number: number;
  kind: Grade['kind'] | 'error';
  message: string;
}

/** The exercise that a notebook is of: as its metadata says, else as its first cells ask for it. */
export function lessonNameOf({ metadata, cells }: Notebook): string | undefined {
  const own = (metadata.tsbert as { lesson?: unknown } | undefined)?.lesson;
  if (typeof own === 'string') return own;
  const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source);
  return /\blesson\(\s*(['"`])([\w-]+)\1\s*\)/.exec(code.join('\n'))?.[2];
}

/**
 * The learner's code without its outputs, and behind it a cell for each blank. Each is a cell of its own, so that one
 * whose answer does not exist leaves the others be.
 * @param key a word that nobody can guess: names and grades carry it
 */
export function gradingNotebook(given: Notebook, { name, blanks }: Lesson, key: string): Notebook {
  const cells = codeCells(given).map(({ cell }) => ({ ...cell, execution_count: null, outputs: [] }));
  const judge = `grade_${key}`;
  const grading = [
    `import { gradeBlank as ${judge} } from 'tsbert/activity';`,
    ...blanks.map((blank) => `await ${judge}('${key}', '${name}', ${blank.number}, ${namesOf(blank)})`),
  ];
  return { ...given, cells: [...cells, ...grading.map((source, i) => codeCell(source, `grade-${i}`))] };
}

function namesOf({ answer, given }: Blank): string {
  return `() => ${answer}, () => ({ ${given.join(', ')} })`;
}

function codeCell(source: string, id: string): CodeCell {
  return { id, cell_type: 'code', metadata: {}, source, execution_count: null, outputs: [] };
}

/** The results of an executed grading notebook. */
export function readGrades(executed: Notebook, { blanks }: Lesson, key: string): BlankResult[] {
  const last = codeCells(executed).slice(-blanks.length);
  return blanks.map(({ number }, i) => readGrade(last[i]?.cell, number, key));
}

function readGrade(cell: CodeCell | undefined, number: number, key: string): BlankResult {
  for (const output of cell?.outputs ?? []) {
    if (output.output_type === 'error')
      return { number, kind: 'error', message: explain(output.ename, output.evalue) };
    if (output.output_type !== 'execute_result') continue;
    const grade = output.data[GRADE_MIME] as Grade | undefined;
    if (grade?.key === key && grade.blank === number) {
      return { number, kind: grade.kind, message: grade.message };
    }
  }
  return { number, kind: 'error', message: 'The run ended before this blank was reached.' };
}

/** An error of our own cell says where in it, which tells the reader nothing. */
function explain(ename: string, evalue: string): string {
  const missing = /Cannot find name '(\w+)'/.exec(evalue)?.[1];
  return missing ? `There is no ${missing}: its cell failed or is gone.` : `${ename}: ${evalue}`;
}
