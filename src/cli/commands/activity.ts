/** `tsbert activity`: copies the notebooks to start from into a folder of the learner's own. */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';

const help = `
tsbert activity FOLDER [--student | --teacher]

Copies the exercise notebooks that come with tsbert into FOLDER, which is made where there is none. A notebook
that is there already is kept as it is.

  --student    the notebooks with blanks; this is so when neither is given
  --teacher    the solved notebooks too
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
    });
    if (values.student && values.teacher) throw new UsageError('Give --student or --teacher, not both.');
    const folder = resolve(terminal.cwd, onlyArgument(positionals, 'FOLDER'));
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
