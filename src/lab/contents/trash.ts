/** Deleting by way of the desktop's trash, from which a person can take a file back. */
import { lstat, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { HttpError } from '../http/errors.ts';

/** What the trash's place depends on. */
export interface TrashPlace {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}

/**
 * Moves a file or folder to the trash.
 * @throws HttpError 400 where the system has no trash that we know how to use: nothing is deleted then
 * @see https://specifications.freedesktop.org/trash-spec/latest/
 */
export async function moveToTrash(
  file: string,
  place: TrashPlace = { platform: process.platform, env: process.env, home: homedir() },
): Promise<void> {
  if (place.platform === 'win32')
    throw new HttpError(400, 'Files are not deleted from here on Windows. Delete it in the Explorer.');
  if (place.platform === 'darwin') return moveUnderFreeName(file, join(place.home, '.Trash'));
  const trash = await freedesktopTrash(file, place);
  const files = join(trash, 'files');
  const infos = join(trash, 'info');
  for (const folder of [files, infos]) await mkdir(folder, { recursive: true, mode: 0o700 });
  await moveUnderFreeName(file, files, async (name) => {
    const path = encodeURI(resolve(file));
    const when = new Date().toISOString().slice(0, 19);
    // 'wx' claims the name: two deletions at once do not take the same.
    const text = `[Trash Info]\nPath=${path}\nDeletionDate=${when}\n`;
    await writeFile(join(infos, `${name}.trashinfo`), text, { flag: 'wx' });
    return () => rm(join(infos, `${name}.trashinfo`), { force: true });
  });
}

/** The user's trash where the file is on its disk, else the one at the top of the file's own. */
async function freedesktopTrash(file: string, { env, home }: TrashPlace): Promise<string> {
  const data = env.XDG_DATA_HOME || join(home, '.local', 'share');
  await mkdir(data, { recursive: true });
  const disk = (await lstat(file)).dev;
  if ((await stat(data)).dev === disk) return join(data, 'Trash');
  let top = dirname(resolve(file));
  while (dirname(top) !== top && (await stat(dirname(top))).dev === disk) top = dirname(top);
  return join(top, `.Trash-${process.getuid?.() ?? 0}`);
}

/** Claims a name that is free, then renames. @param claim makes what belongs to the name; its result undoes that */
async function moveUnderFreeName(
  file: string,
  folder: string,
  claim: (name: string) => Promise<() => Promise<void>> = async () => async () => {},
): Promise<void> {
  const ext = extname(file);
  const stem = basename(file, ext);
  for (let n = 1; n < 10_000; n++) {
    const name = n === 1 ? `${stem}${ext}` : `${stem}.${n}${ext}`;
    if (await lstat(join(folder, name)).catch(() => undefined)) continue;
    const undo = await claim(name).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (!undo) continue;
    try {
      return await rename(file, join(folder, name));
    } catch (error) {
      await undo();
      throw new HttpError(
        400,
        `${basename(file)} could not be moved to the trash, and is still there: ${(error as Error).message}`,
      );
    }
  }
  throw new HttpError(400, `The trash holds too many files named ${basename(file)}. Empty it.`);
}
