/** The grades of a class as a table: CSV for a spreadsheet, or aligned for the terminal. */
import type { BlankResult } from './grading-notebook.ts';

/** A learner's notebook and what came of it. */
export interface LearnerGrades {
  /** The notebook's path below the folder, without `.ipynb`. */
  learner: string;
  /** Name of the exercise; undefined where the notebook could not be graded. */
  exercise?: string | undefined;
  blanks: readonly BlankResult[];
  /** Why it could not be graded. */
  problem?: string;
}

/** One row a learner, one column a blank. */
export function gradeRows(all: readonly LearnerGrades[]): string[][] {
  const most = Math.max(0, ...all.map(({ blanks }) => blanks.length));
  const head = [
    'learner',
    'exercise',
    ...Array.from({ length: most }, (_, i) => `blank ${i + 1}`),
    'right',
    'note',
  ];
  return [head, ...all.map((grades) => gradeRow(grades, most))];
}

function gradeRow({ learner, exercise = '', blanks, problem }: LearnerGrades, most: number): string[] {
  const kinds = Array.from({ length: most }, (_, i) => blanks[i]?.kind ?? '');
  const right = blanks.filter(({ kind }) => kind === 'right').length;
  const notes = blanks.flatMap(({ number, kind, message }) =>
    kind === 'right' || message === '' ? [] : [`${number}: ${firstLine(message)}`],
  );
  return [
    learner,
    exercise,
    ...kinds,
    blanks.length > 0 ? `${right}/${blanks.length}` : '',
    problem ? firstLine(problem) : notes.join(' '),
  ];
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';

/**
 * CSV as RFC 4180 has it. A field that a spreadsheet would take for a formula gets an apostrophe before it.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  const field = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => row.map(field).join(',')).join('\r\n');
}

/** Columns aligned by blanks. */
export function toText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => (row[c] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => cell.padEnd(widths[c] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
