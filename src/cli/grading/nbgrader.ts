/** Makes nbgrader's source notebooks of the exercises: the solutions in marked regions, checks that throw behind them. */
import type { Cell, Notebook } from '../../jupyter/notebook/nbformat.ts';

/** Metadata of nbgrader's cells. @see https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html */
const SCHEMA = { schema_version: 3, task: false };

/** The course's `nbgrader_config.py`: what nbgrader has to know of TypeScript, and time for a model to load. */
export const NBGRADER_CONFIG = `c = get_config()
c.CourseDirectory.course_id = "tsbert"
c.ClearSolutions.code_stub = {"typescript": "// YOUR CODE HERE"}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.Execute.timeout = 120
`;

/**
 * The source notebook of an assignment. Each cell with a blank becomes two: the answer, which nbgrader takes out for
 * the students, and a test of one point, which throws where the answer is not right.
 * @param learner the notebook with blanks
 * @param solution the same with its blanks filled in
 */
export function nbgraderSource(learner: Notebook, solution: Notebook): Notebook {
  const cells = solution.cells.flatMap((cell, i) => assignmentCells(cell, learner.cells[i]?.source ?? ''));
  return { ...solution, cells };
}

function assignmentCells(cell: Cell, blank: string): Cell[] {
  const lines = cell.source.split('\n');
  const number = /^await check\((\d+)/.exec(lines.at(-1) ?? '')?.[1];
  if (cell.cell_type !== 'code' || number === undefined) return [cell];
  const open = blank.split('\n');
  const answer = lines
    .slice(0, -1)
    .flatMap((line, i) => (line === open[i] ? [line] : region(line, open[i] ?? '')));
  return [
    { ...cell, source: answer.join('\n'), metadata: mark(`blank-${number}`, { solution: true }) },
    {
      ...cell,
      id: `${cell.id}-check`,
      source: `const verdict${number} = ${lines.at(-1)};\nif (verdict${number}.kind !== 'right') throw new Error(verdict${number}.text);`,
      metadata: mark(`check-${number}`, { grade: true, locked: true, points: 1 }),
    },
  ];
}

/** The line with the blank stays as a comment, so that students see what is to be written. */
function region(line: string, blank: string): string[] {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return [`${indent}// ${blank.trim()}`, `${indent}// BEGIN SOLUTION`, line, `${indent}// END SOLUTION`];
}

function mark(id: string, role: Record<string, unknown>): Cell['metadata'] {
  return { nbgrader: { grade: false, solution: false, locked: false, ...SCHEMA, ...role, grade_id: id } };
}
