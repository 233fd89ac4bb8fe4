/** `tsbert grade`: runs every learner's notebook in a fresh kernel and tells which blanks are right. */
import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { findLesson } from '../../activity/lesson.ts';
import { kernelSpec } from '../../jupyter/kernelspec.ts';
import { executeNotebook } from '../../jupyter/notebook/execute.ts';
import { parseNotebook } from '../../jupyter/notebook/nbformat.ts';
import { gradeRows, type LearnerGrades, toCsv, toText } from '../grading/grade-table.ts';
import { gradingNotebook, lessonNameOf, readGrades } from '../grading/grading-notebook.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { readNotebookFile } from '../support/notebook-file.ts';

const help = `
tsbert grade FOLDER [flags]

Grades the exercise notebooks in FOLDER and the folders in it, one learner each: name them after the learners,
or their folders. Every notebook runs in a kernel of its own, without its stored outputs and offline, with the
models that come with tsbert. Then its blanks are judged, also with cases that the notebook does not show. A
notebook that fails, hangs or cannot be read gets its row too. The notebooks are left as they are.

  --csv          print a table for a spreadsheet: tsbert grade FOLDER --csv > grades.csv
  --timeout S    interrupt a cell that runs longer than S seconds; 60 when absent

A blank is right, wrong, open (still ____) or error (its cell failed). The notebooks are programs and run as you:
grade those of people whose programs you would run. The exit code is 1 when a notebook could not be graded.
`;

const DEFAULT_CELL_SECONDS = 60;
/** A notebook with many slow cells is stopped after as many times the limit of one. */
const NOTEBOOK_CELLS = 10;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      csv: { type: 'boolean', default: false },
      timeout: { type: 'string' },
    });
    const given = onlyArgument(positionals, 'FOLDER');
    const folder = resolve(terminal.cwd, given);
    const cellMs = parseSeconds(values.timeout) * 1000;
    const paths = await findNotebooks(folder, given);
    const all: LearnerGrades[] = [];
    for (const [i, path] of paths.entries()) {
      const learner = relative(folder, path)
        .split(sep)
        .join('/')
        .replace(/\.ipynb$/, '');
      terminal.status(`[${i + 1}/${paths.length}] ${learner}`);
      all.push({ learner, ...(await gradeOne(path, cellMs, terminal)) });
    }
    terminal.status('');
    const rows = gradeRows(all);
    terminal.print(values.csv ? toCsv(rows) : toText(rows));
    return all.some(({ problem }) => problem !== undefined) ? 1 : 0;
  },
};

function parseSeconds(text: string | undefined): number {
  if (text === undefined) return DEFAULT_CELL_SECONDS;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--timeout '${text}' is no number of seconds above 0.`);
  return seconds;
}

/** Every notebook below a folder, in order, hidden folders and checkpoints left out. */
async function findNotebooks(folder: string, given: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new Error(`There is no folder ${given}. Name the folder with the notebooks.`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const hidden = relative(folder, path)
      .split(sep)
      .some((part) => part.startsWith('.') || part === 'node_modules');
    return entry.isFile() && entry.name.endsWith('.ipynb') && !hidden ? [path] : [];
  });
  if (paths.length === 0) throw new Error(`There is no notebook (.ipynb) in ${given}.`);
  return paths.sort();
}

/** Grades one notebook; whatever goes wrong becomes its problem and nobody else's. */
async function gradeOne(
  path: string,
  cellMs: number,
  terminal: Terminal,
): Promise<Omit<LearnerGrades, 'learner'>> {
  const limit = AbortSignal.timeout(cellMs * NOTEBOOK_CELLS);
  try {
    const notebook = parseNotebook((await readNotebookFile(path, path)).text, path);
    const name = lessonNameOf(notebook);
    if (name === undefined) return { blanks: [], problem: 'This is none of the exercises.' };
    const lesson = findLesson(name);
    const key = randomBytes(12).toString('hex');
    const { notebook: executed } = await executeNotebook(gradingNotebook(notebook, lesson, key), {
      cwd: dirname(path),
      kernelSpec: { ...kernelSpec(), env: { TSBERT_OFFLINE: '1', HF_HUB_OFFLINE: '1' } },
      allowErrors: true,
      cellTimeoutMs: cellMs,
      signal: AbortSignal.any([limit, terminal.interrupted]),
    });
    return { exercise: name, blanks: readGrades(executed, lesson, key) };
  } catch (error) {
    terminal.interrupted.throwIfAborted();
    if (limit.aborted) return { blanks: [], problem: `Stopped after ${(cellMs * NOTEBOOK_CELLS) / 1000} s.` };
    return { blanks: [], problem: error instanceof Error ? error.message : String(error) };
  }
}
