/** Registering and removing the kernel, and finding kernels where Jupyter does. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/commands.ts';
import { findKernel } from '../../../src/jupyter/client/find-kernel.ts';
import { recordingTerminal } from '../recording-terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-kernel-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function call(args: string[], env: NodeJS.ProcessEnv = {}) {
  const terminal = recordingTerminal({ cwd: folder, env });
  const code = await runCli(['kernel', ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

describe('tsbert kernel', () => {
  it.each([
    ['the user’s data folder', [], { JUPYTER_DATA_DIR: 'data' }, 'data/kernels'],
    ['a prefix', ['--prefix', 'p'], {}, 'p/share/jupyter/kernels'],
    ['the Python environment', ['--sys-prefix'], { VIRTUAL_ENV: 'venv' }, 'venv/share/jupyter/kernels'],
  ])('installs into and uninstalls from %s', async (_name, flags, variables, place) => {
    const env = Object.fromEntries(Object.entries(variables).map(([name, dir]) => [name, join(folder, dir)]));
    expect(await call(['install', ...flags], env)).toMatchObject({ code: 0, err: '' });
    const file = join(folder, place, 'tsbert', 'kernel.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ display_name: 'TypeScript (tsbert)' });
    expect(await call(['uninstall', ...flags], env)).toMatchObject({ code: 0 });
    expect(await call(['uninstall', ...flags], env)).toMatchObject({
      code: 1,
      err: /No kernel is registered/,
    });
  });

  it('registers several, each with its name, its words and its variables', async () => {
    const prefix = ['--prefix', 'p'];
    const named = [...prefix, '--name', 'tsbert-class'];
    await call(['install', ...prefix]);
    const { code, out } = await call([
      ...['install', ...named, '--display-name', 'TypeScript (class)'],
      ...['--env', 'TSBERT_SERVER=http://127.0.0.1:8080?a=b', '--env', 'EMPTY='],
    ]);
    expect([code, out]).toEqual([0, expect.stringContaining('"TypeScript (class)"')]);
    const file = join(folder, 'p/share/jupyter/kernels/tsbert-class/kernel.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      display_name: 'TypeScript (class)',
      env: { TSBERT_SERVER: 'http://127.0.0.1:8080?a=b', EMPTY: '' },
    });
    expect((await call(['uninstall', ...named])).code).toBe(0);
    expect((await call(['uninstall', ...prefix])).code).toBe(0);
  });

  it('leaves the kernels of other programs alone', async () => {
    const other = join(folder, 'p/share/jupyter/kernels/python3');
    mkdirSync(other, { recursive: true });
    const content = JSON.stringify({ argv: ['python3', '-m', 'ipykernel_launcher'] });
    writeFileSync(join(other, 'kernel.json'), content);
    for (const action of ['install', 'uninstall']) {
      const { code, err } = await call([action, '--prefix', 'p', '--name', 'python3']);
      expect([code, err]).toEqual([1, expect.stringContaining("another program's kernel")]);
    }
    expect(readFileSync(join(other, 'kernel.json'), 'utf8')).toBe(content);
  });

  it.each([
    [['install', '--name', '../up'], /--name '..\/up' has other signs/],
    [['uninstall', '--name', '..'], /--name '..' has other signs/],
    [['install', '--env', 'NOTHING'], /--env 'NOTHING' is not KEY=VALUE/],
    [[], /install or uninstall is missing/],
    [['remove'], /'remove' is neither install nor uninstall/],
    [['install', '--sys-prefix'], /finds no Python environment/],
    [['install', '--sys-prefix', '--prefix', 'p'], /exclude each other/],
  ])('refuses %j with exit code 2', async (args, problem) => {
    const { code, err } = await call(args, { PATH: '' });
    expect(code).toBe(2);
    expect(err).toMatch(problem);
  });
});

describe('findKernel()', () => {
  it('reads the nearest kernel.json and fills in its own folder', async () => {
    const place = join(folder, 'kernels', 'mine');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'kernel.json'), JSON.stringify({ argv: ['run', '{resource_dir}/k'] }));
    const found = await findKernel('mine', { JUPYTER_PATH: folder });
    expect(found?.argv).toEqual(['run', `${place}/k`]);
    expect(await findKernel('other', { JUPYTER_PATH: folder })).toBeUndefined();
  });
});
