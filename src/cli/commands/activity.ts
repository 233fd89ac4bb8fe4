/** `tsbert activity`: copies the notebooks to start from into a folder of the learner's own. */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNotebook, serializeNotebook } from '../../jupyter/notebook/nbformat.ts';
import { NBGRADER_CONFIG, nbgraderSource } from '../grading/nbgrader.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';

const help = `
tsbert activity FOLDER [--student | --teacher | --nbgrader]

Copies the exercise notebooks that come with tsbert into FOLDER, which is made where there is none. A notebook
that is there already is kept as it is.

  --student    the notebooks with blanks; this is so when neither is given
  --teacher    the solved notebooks too
  --nbgrader   a course for nbgrader instead: source/NAME/NAME.ipynb with checks that throw, and nbgrader_config.py
`;

/** The package's notebooks: the same distance from src/ and from dist/. */
const packageNotebooks = fileURLToPath(new URL('../../../notebooks', import.meta.url));

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      student: { type: 'boolean', default: false },
      teacher: { type: 'boolean', default: false },
      nbgrader: { type: 'boolean', default: false },
    });
    if (Number(values.student) + Number(values.teacher) + Number(values.nbgrader) > 1) {
      throw new UsageError('Give one of --student, --teacher and --nbgrader.');
    }
    const folder = resolve(terminal.cwd, onlyArgument(positionals, 'FOLDER'));
    if (values.nbgrader) return writeCourse(packageNotebooks, folder, terminal);
    return copyNotebooks(packageNotebooks, folder, values.teacher, terminal);
  },
};

/** Copies notebooks, never over one that is there. @returns the exit code */
export async function copyNotebooks(
  source: string,
  target: string,
  withSolutions: boolean,
  terminal: Terminal,
): Promise<number> {
  const names = (await readdir(source)).filter(
    (name) => name.endsWith('.ipynb') && (withSolutions || !name.endsWith('-solution.ipynb')),
  );
  await mkdir(target, { recursive: true });
  for (const name of names.sort()) {
    const path = join(target, name);
    const shown = relative(terminal.cwd, path) || path;
    const isNew = await copyNew(join(source, name), path);
    terminal.print(isNew ? `Wrote ${shown}` : `Kept ${shown}, which was there already`);
  }
  const first = relative(terminal.cwd, join(target, 'activity.ipynb'));
  terminal.print(`Open it:      npx tsbert lab ${first}`);
  terminal.print('In VS Code:   npx tsbert kernel install, then choose the kernel "TypeScript (tsbert)"');
  return 0;
}

/** Writes nbgrader's course, never over a file that is there. @returns the exit code */
async function writeCourse(source: string, target: string, terminal: Terminal): Promise<number> {
  const files = await readdir(source);
  const names = files.flatMap((file) => /^(.*)-solution\.ipynb$/.exec(file)?.[1] ?? []);
  const read = async (name: string) =>
    parseNotebook(await readFile(join(source, `${name}.ipynb`), 'utf8'), name);
  await writeNew(join(target, 'nbgrader_config.py'), NBGRADER_CONFIG, terminal);
  for (const name of names.sort()) {
    const notebook = nbgraderSource(await read(name), await read(`${name}-solution`));
    await writeNew(join(target, 'source', name, `${name}.ipynb`), serializeNotebook(notebook), terminal);
  }
  terminal.print(
    `Then, in ${relative(terminal.cwd, target) || target}: nbgrader generate_assignment activity`,
  );
  return 0;
}

async function writeNew(path: string, text: string, terminal: Terminal): Promise<void> {
  const shown = relative(terminal.cwd, path) || path;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, text, { flag: 'wx' });
    terminal.print(`Wrote ${shown}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    terminal.print(`Kept ${shown}, which was there already`);
  }
}

/** @returns false when the target was there */
async function copyNew(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
