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

  it.each([
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
