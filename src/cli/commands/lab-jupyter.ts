/** `tsbert lab --jupyter`: Python's JupyterLab with our kernel, installed into the user's cache where there is none. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { cacheFolder, thisMachine } from '../../files/user-folders.ts';
import { writeKernelSpec } from '../../jupyter/kernelspec.ts';
import type { Terminal } from '../support/command.ts';
import { findJupyterLab, findOnPath, ownVenv, program, venvPrograms } from '../support/find-jupyter.ts';

/** What the environment that is made here holds. */
const JUPYTERLAB = 'jupyterlab==4.6.6';

/**
 * Opens a notebook in Python's JupyterLab. The kernel is registered for this JupyterLab alone (JUPYTER_PATH).
 * @param args NOTEBOOK and JupyterLab's own flags
 */
export async function runPythonLab(args: string[], terminal: Terminal): Promise<number> {
  const [first = ''] = args;
  const notebook = first.startsWith('-') ? '' : first;
  if (notebook && !existsSync(resolve(terminal.cwd, notebook))) {
    throw new Error(`There is no file ${notebook}. Name an existing notebook (.ipynb).`);
  }
  const lab = findJupyterLab(terminal.env) ?? (await installJupyterLab(terminal));
  const jupyterPath = join(cacheFolder(thisMachine(terminal.env)), 'tsbert', 'jupyter');
  await writeKernelSpec(join(jupyterPath, 'kernels'));
  const paths = [jupyterPath, terminal.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  terminal.print(`Opening ${notebook || 'JupyterLab'} with ${lab}. Stop it with Ctrl-C.`);
  return runProgram(lab, args, terminal, { ...terminal.env, JUPYTER_PATH: paths });
}

/** Makes a virtual environment; pip speaks only when something goes wrong. @returns its `jupyter-lab` */
async function installJupyterLab(terminal: Terminal): Promise<string> {
  const python = findOnPath('python3', terminal.env) ?? findOnPath('python', terminal.env);
  if (!python) throw new Error(withoutJupyter('No Jupyter and no Python found.'));
  const venv = ownVenv(terminal.env);
  const own = join(venvPrograms(venv), program('python'));
  terminal.print(`No JupyterLab on PATH: installing ${JUPYTERLAB} into ${venv} (a minute or more) …`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', JUPYTERLAB];
  const steps = [...(existsSync(own) ? [] : [[python, '-m', 'venv', venv]]), [own, ...pip]];
  for (const [step = '', ...args] of steps) {
    const code = await runProgram(step, args, terminal, terminal.env);
    if (code !== 0) throw new Error(withoutJupyter(`JupyterLab could not be installed into ${venv}.`));
  }
  return join(venvPrograms(venv), program('jupyter-lab'));
}

function withoutJupyter(problem: string): string {
  return `${problem} Install Python 3.10 or newer and run: pip install jupyterlab. Without --jupyter, no Python is needed.`;
}

/** Runs a program in this terminal. Ctrl-C reaches it from the terminal itself; another stop signal is passed on. */
function runProgram(
  path: string,
  args: string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd: terminal.cwd, env, stdio: 'inherit' });
    const stop = () => {
      if (terminal.interrupted.reason === 'SIGTERM') child.kill('SIGTERM');
    };
    terminal.interrupted.addEventListener('abort', stop);
    child.once('error', reject);
    child.once('exit', (code) => {
      terminal.interrupted.removeEventListener('abort', stop);
      resolve(code ?? (terminal.interrupted.aborted ? 130 : 1));
    });
  });
}
