/** The folder of a kernel's connection file, named after the process that made it; those of killed processes are swept. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder that only this user can read, and removes those whose process is gone. */
export async function makeConnectionFolder(): Promise<string> {
  await sweep();
  return mkdtemp(join(tmpdir(), `tsbert-kernel-${process.pid}-`));
}

async function sweep(): Promise<void> {
  const names = await readdir(tmpdir()).catch((): string[] => []);
  const left = names.filter((name) => {
    const pid = /^tsbert-kernel-(\d+)-\w+$/.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  // What belongs to somebody else stays.
  await Promise.allSettled(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of somebody else may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
