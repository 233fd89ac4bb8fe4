/** `tsbert lab`: opens a notebook in JupyterLab with our kernel, and installs JupyterLab beside it where there is none. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeKernelSpec } from '../../jupyter/kernelspec.ts';
import type { Command, Terminal } from '../support/command.ts';
import { findJupyterLab, findOnPath, program, venvPrograms } from '../support/find-jupyter.ts';

/** What a `.venv` of ours holds. */
const JUPYTERLAB = 'jupyterlab==4.6.6';

const help = `
tsbert lab [NOTEBOOK] [JupyterLab's own flags]

Opens NOTEBOOK, or the current folder, in JupyterLab. The kernel is registered for this JupyterLab alone
(JUPYTER_PATH); register it for good with: tsbert kernel install

JupyterLab is the one on PATH, else that of the folder's .venv, which is made (python3 -m venv, pip) when
it is missing. Every flag behind NOTEBOOK goes to JupyterLab, such as --no-browser or --port=8889.
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const [first = ''] = args;
    const notebook = first.startsWith('-') ? '' : first;
    if (notebook && !existsSync(resolve(terminal.cwd, notebook))) {
      throw new Error(`There is no file ${notebook}. Name an existing notebook (.ipynb).`);
    }
    const lab = findJupyterLab(terminal.env, terminal.cwd) ?? (await installJupyterLab(terminal));
    const jupyterPath = join(terminal.cwd, '.cache', 'jupyter');
    await writeKernelSpec(join(jupyterPath, 'kernels'));
    const { JUPYTER_PATH } = terminal.env;
    const separator = process.platform === 'win32' ? ';' : ':';
    const paths = JUPYTER_PATH ? `${jupyterPath}${separator}${JUPYTER_PATH}` : jupyterPath;
    terminal.print(`Opening ${notebook || 'JupyterLab'} with ${lab}. Stop it with Ctrl-C.`);
    return runProgram(lab, args, terminal, { ...terminal.env, JUPYTER_PATH: paths });
  },
};

/** Makes `.venv` with pip showing what it downloads. @returns its `jupyter-lab` */
async function installJupyterLab(terminal: Terminal): Promise<string> {
  const python = findOnPath('python3', terminal.env) ?? findOnPath('python', terminal.env);
  if (!python) throw new Error(withoutJupyter('No Jupyter and no Python found.'));
  const venv = join(terminal.cwd, '.venv');
  const own = join(venvPrograms(terminal.cwd), program('python'));
  terminal.print(`No JupyterLab on PATH: installing ${JUPYTERLAB} into ${venv} (about a minute) …`);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', JUPYTERLAB];
  const steps = [...(existsSync(own) ? [] : [[python, '-m', 'venv', venv]]), [own, ...pip]];
  for (const [step = '', ...args] of steps) {
    const code = await runProgram(step, args, terminal, terminal.env);
    if (code !== 0) throw new Error(withoutJupyter(`JupyterLab could not be installed into ${venv}.`));
  }
  return join(venvPrograms(terminal.cwd), program('jupyter-lab'));
}

function withoutJupyter(problem: string): string {
  const remedy = 'Install Python 3.10 or newer and run: pip install jupyterlab.';
  return `${problem} ${remedy} Without Jupyter, run notebooks with "npm run activity", or open them in VS Code after "npx tsbert kernel install".`;
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
