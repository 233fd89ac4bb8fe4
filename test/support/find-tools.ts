/** Finds the outside tools that some tests drive (Jupyter, Python, chromium) and says in one line why a test must skip. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findBuilt } from '../../src/lab/assembly/assemble.ts';

/** A tool's path, or the reason it cannot be used. */
export type Tool = { path: string; reason?: undefined } | { path?: undefined; reason: string };

/** The `jupyter` executable: TSBERT_JUPYTER, else the one on PATH. */
export function findJupyter(): Tool {
  return find('TSBERT_JUPYTER', ['jupyter'], 'no Jupyter: set TSBERT_JUPYTER to a jupyter executable');
}

/** The Python beside a `jupyter` executable, which can import jupyter_client and its kin. */
export function pythonBeside(jupyter: string): string {
  return join(dirname(jupyter), process.platform === 'win32' ? 'python.exe' : 'python');
}

/** A Python that imports every one of `modules`: TSBERT_PYTHON, else python3. */
export function findPython(...modules: string[]): Tool {
  const names = modules.join(', ');
  const python = find('TSBERT_PYTHON', ['python3', 'python'], 'no Python: set TSBERT_PYTHON to one');
  if (python.path === undefined) return python;
  const imported = spawnSync(python.path, ['-c', `import ${names}`], { stdio: 'ignore' });
  return imported.status === 0
    ? python
    : { reason: `${python.path} has no ${names}: set TSBERT_PYTHON to a Python that has` };
}

/** JupyterLab's interface as it was built from these sources. */
export function findLabInterface(): Tool {
  const path = findBuilt(process.env);
  return path ? { path } : { reason: 'JupyterLab’s interface is not built: npm run interface' };
}

/** A chromium for playwright-core's `executablePath`. */
export function findChromium(): Tool {
  return find(
    'TSBERT_CHROMIUM',
    ['chromium', 'chromium-browser', 'google-chrome'],
    'no chromium: set TSBERT_CHROMIUM to one',
  );
}

/** chromium's switches for a headless run that asks nothing of the network. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function find(variable: string, names: string[], reason: string): Tool {
  const named = process.env[variable];
  if (named) return existsSync(named) ? { path: named } : { reason: `${variable} names no file: ${named}` };
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const path = candidates.find((candidate) => existsSync(candidate));
  return path ? { path } : { reason };
}
