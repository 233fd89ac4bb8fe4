/** Opening JupyterLab: which one, with which folders, and what is said where there is none. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/commands.ts';
import { recordingTerminal } from '../recording-terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-lab-'));
  writeFileSync(join(folder, 'a.ipynb'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that writes its arguments and JUPYTER_PATH to called.json. */
function installProgram(path: string, script = '') {
  const node = `#!${process.execPath}\nconst call = { args: process.argv.slice(2), path: process.env.JUPYTER_PATH };\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${node}${script}require('fs').writeFileSync('called.json', JSON.stringify(call));\n`);
  chmodSync(path, 0o755);
}

async function call(args: string[], env: NodeJS.ProcessEnv) {
  const terminal = recordingTerminal({ cwd: folder, env });
  const code = await runCli(['lab', ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

const called = () => JSON.parse(readFileSync(join(folder, 'called.json'), 'utf8'));

describe.skipIf(process.platform === 'win32')('tsbert lab', () => {
  it('starts the JupyterLab on PATH with our kernel and passes flags on', async () => {
    installProgram(join(folder, 'bin', 'jupyter-lab'));
    const env = { PATH: join(folder, 'bin'), JUPYTER_PATH: '/theirs' };
    expect((await call(['a.ipynb', '--no-browser', '--port', '9999'], env)).code).toBe(0);
    const ours = join(folder, '.cache', 'jupyter');
    expect(called()).toEqual({
      args: ['a.ipynb', '--no-browser', '--port', '9999'],
      path: `${ours}:/theirs`,
    });
    expect(existsSync(join(ours, 'kernels', 'tsbert', 'kernel.json'))).toBe(true);
  });

  it('takes the folder’s .venv where PATH has none', async () => {
    installProgram(join(folder, '.venv', 'bin', 'jupyter-lab'));
    expect((await call([], { PATH: '' })).code).toBe(0);
  });

  it('makes a .venv with pinned versions where there is only Python', async () => {
    // This python makes an environment whose python "installs" a jupyter-lab.
    const install = `const fs = require('fs'), path = require('path');
      const bin = path.join('.venv', 'bin');
      fs.mkdirSync(bin, { recursive: true });
      const name = call.args[1] === 'venv' ? 'python' : 'jupyter-lab';
      fs.copyFileSync(__filename, path.join(bin, name));
      fs.appendFileSync('steps.txt', path.basename(__filename) + ' ' + call.args.join(' ') + '\\n');\n`;
    installProgram(join(folder, 'bin', 'python3'), install);
    const { code, out } = await call(['a.ipynb'], { PATH: join(folder, 'bin') });
    expect(code).toBe(0);
    expect(out).toMatch(/installing jupyterlab==[\d.]+ into/);
    const steps = readFileSync(join(folder, 'steps.txt'), 'utf8').split('\n');
    expect(steps[0]).toBe(`python3 -m venv ${join(folder, '.venv')}`);
    expect(steps[1]).toMatch(/^python -m pip install .*jupyterlab==/);
    expect(called().args).toEqual(['a.ipynb']);
  });

  it('says in one line what to install where there is neither', async () => {
    const { code, err } = await call(['a.ipynb'], { PATH: '' });
    expect(code).toBe(1);
    expect(err).toMatch(/pip install jupyterlab.*npm run activity.*VS Code/);
    expect(err.split('\n')).toHaveLength(1);
  });

  it('names a notebook that is not there before it installs anything', async () => {
    expect(await call(['b.ipynb'], { PATH: '' })).toMatchObject({ code: 1, err: /There is no file b.ipynb/ });
  });
});
