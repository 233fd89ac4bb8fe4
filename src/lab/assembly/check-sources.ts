/** Checks the types of the page's sources: only where their packages are installed can that be done. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';

/** @param folder - the sources, their packages and tsconfig.json. @throws Error with the compiler's messages */
export async function checkSources(folder: string, stop: AbortSignal): Promise<void> {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [compiler, '-p', folder], { cwd: folder, signal: stop }, (error, stdout) => {
      if (!error) return resolve();
      reject(new Error(`The page's sources do not check:\n${stdout || error.message}`));
    });
  });
}
