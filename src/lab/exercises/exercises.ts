/** The exercises of this package, and the copies of them that a learner works in. */
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An exercise that can be opened. */
export interface Exercise {
  /** Its file's name. */
  name: string;
  title: string;
}

/** The package's notebooks: the same distance from src/ and from dist/. */
export const EXERCISES: string = fileURLToPath(new URL('../../../notebooks', import.meta.url));

/** The exercises in their order: the first one to do comes first. */
export async function listExercises(): Promise<Exercise[]> {
  const names = (await readdir(EXERCISES)).filter(
    (name) => name.endsWith('.ipynb') && !name.endsWith('-solution.ipynb'),
  );
  const exercises = await Promise.all(
    names.map(async (name) => ({
      name,
      title: titleOf(await readFile(join(EXERCISES, name), 'utf8'), name),
    })),
  );
  const rank = ({ name }: Exercise) => (name === FIRST ? '' : name);
  return exercises.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

const FIRST = 'activity.ipynb';

/** Whether a notebook is one of the package's own, which are not to be written in. */
export function isExercise(path: string): boolean {
  return dirname(resolve(path)) === resolve(EXERCISES);
}

/**
 * The learner's own copy of an exercise: made once, then left as it is.
 * @returns its path, or undefined where there is no exercise of that name
 */
export async function openCopy(name: string, folder: string): Promise<string | undefined> {
  const isKnown = basename(name) === name && name.endsWith('.ipynb') && existsSync(join(EXERCISES, name));
  if (!isKnown) return undefined;
  const copy = join(folder, name);
  await mkdir(folder, { recursive: true });
  await copyFile(join(EXERCISES, name), copy, constants.COPYFILE_EXCL).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  return copy;
}

/** The first heading of a notebook. */
function titleOf(text: string, name: string): string {
  const { cells } = JSON.parse(text) as { cells: { source: string | string[] }[] };
  const sources = cells.map(({ source }) => [source].flat().join(''));
  const headings = sources.flatMap((source) => /^#+ +(.+)$/m.exec(source)?.[1] ?? []);
  return headings[0] ?? basename(name, '.ipynb');
}
