/** Opening JupyterLab: which one, on which folder, at which address, and what is said where something lacks. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/commands.ts';
import { fingerprint } from '../../../src/lab/assembly/places.ts';
import { recordingTerminal } from '../recording-terminal.ts';

const root = join(import.meta.dirname, '..', '..', '..');
let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-lab-'));
  writeFileSync(join(folder, 'a.ipynb'), '{}');
  env = { PATH: '', XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'data') };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function call(args: string[], more: NodeJS.ProcessEnv = {}, stop = new AbortController()) {
  const terminal = recordingTerminal({ cwd: folder, env: { ...env, ...more }, interrupted: stop.signal });
  const code = await runCli(['lab', ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

/** Lays an empty interface where a built one would be. */
function layInterface(): void {
  const interfaceFolder = join(folder, 'cache', 'tsbert', 'lab', fingerprint()!);
  mkdirSync(join(interfaceFolder, 'static'), { recursive: true });
  writeFileSync(join(interfaceFolder, 'settings.json'), '{}');
  writeFileSync(join(interfaceFolder, 'built.json'), '{"jupyterlab":"4.6.4"}');
}

/** Starts the command, hands its address to `visit`, stops it. */
async function whileServing(
  args: string[],
  visit: (address: URL, out: string[]) => Promise<void>,
  more = {},
) {
  layInterface();
  const stop = new AbortController();
  const terminal = recordingTerminal({ cwd: folder, env: { ...env, ...more }, interrupted: stop.signal });
  const running = runCli(['lab', ...args], terminal);
  await Promise.race([
    running,
    expect.poll(() => terminal.out.join('\n'), { timeout: 20_000 }).toContain('Ctrl-C'),
  ]);
  const address = /http:\S+/.exec(terminal.out.join('\n'))?.[0];
  expect(address, terminal.err.join('\n')).toBeDefined();
  await visit(new URL(address!), terminal.out);
  stop.abort('SIGINT');
  expect(await running).toBe(0);
}

const browse = (address: URL) => fetch(address).then((answer) => answer.status);

describe('tsbert lab', () => {
  it('serves the folder, prints an address that opens the notebook, and ends at Ctrl-C', async () => {
    let last: URL | undefined;
    await whileServing(['a.ipynb', '--no-browser'], async (address, out) => {
      expect(address.pathname).toBe('/lab/tree/a.ipynb');
      expect(address.hostname).toBe('127.0.0.1');
      expect(out.join('\n')).toContain(`serves ${folder} at`);
      expect(await browse(address)).toBe(200);
      last = address;
    });
    await expect(browse(last!)).rejects.toThrow();
  });

  it('opens a copy of an exercise, and keeps the copy at the next start', async () => {
    const exercise = join(root, 'notebooks', 'activity.ipynb');
    const copy = join(folder, 'my-notebooks', 'activity.ipynb');
    await whileServing([exercise, '--no-browser'], async (address, out) => {
      expect(address.pathname).toBe('/lab/tree/activity.ipynb');
      expect(out.join('\n')).toContain(`serves ${join(folder, 'my-notebooks')} at`);
    });
    expect(readFileSync(copy)).toEqual(readFileSync(exercise));
    writeFileSync(copy, '{"mine":true}');
    await whileServing([exercise, '--no-browser'], async () => {});
    expect(readFileSync(copy, 'utf8')).toBe('{"mine":true}');
  });

  it('takes another port where the usual one is taken, but not where one was named', async () => {
    await whileServing(['--no-browser'], async (address) => {
      const named = await call(['--no-browser', '--port', address.port]);
      expect(named).toMatchObject({ code: 1, err: expect.stringContaining(`Port ${address.port} is taken`) });
      const stop = new AbortController();
      const second = call(['--no-browser'], {}, stop);
      setTimeout(() => stop.abort('SIGINT'), 1500);
      expect((await second).out).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
      expect((await second).code).toBe(0);
    });
  });

  it.runIf(process.platform === 'linux')(
    'gives the browser a file that only this user can read',
    async () => {
      const seen = join(folder, 'seen.txt');
      const program = join(folder, 'browser');
      writeFileSync(program, `#!/bin/sh\necho "$1" > ${seen}.new && mv ${seen}.new ${seen}\n`);
      chmodSync(program, 0o755);
      let opened = '';
      await whileServing(
        ['a.ipynb'],
        async (address) => {
          await expect.poll(() => existsSync(seen)).toBe(true);
          opened = readFileSync(seen, 'utf8').trim();
          expect(opened).not.toContain(address.searchParams.get('token'));
          const page = new URL(opened);
          expect(readFileSync(page, 'utf8')).toContain(address.searchParams.get('token'));
          expect(execFileSync('stat', ['-c', '%a', page.pathname]).toString().trim()).toBe('600');
        },
        { BROWSER: program, PATH: process.env.PATH },
      );
      expect(existsSync(new URL(opened))).toBe(false);
    },
  );

  it.each([
    [['--ip', '0.0.0.0'], {}, /--ip '0.0.0.0' lets other machines run code here/],
    [['--ip', '0.0.0.0', '--allow-remote'], {}, /needs a password of 8 characters/],
    [
      ['--ip', '0.0.0.0', '--allow-remote'],
      { TSBERT_LAB_PASSWORD: 'short' },
      /needs a password of 8 characters/,
    ],
    [['--allow-remote'], {}, /needs the address to listen on/],
    [['--port', 'x'], {}, /--port must be a whole number/],
    [['a.ipynb', 'b.ipynb'], {}, /One NOTEBOOK is expected/],
    [['--nonsense'], {}, /Unknown option '--nonsense'/],
  ])('refuses %j with %j', async (args, more, message) => {
    const { code, err } = await call(args, more);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });

  it('names a notebook that is not there before it installs anything', async () => {
    expect(await call(['b.ipynb'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/There is no file b.ipynb/),
    });
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });

  it('says what npm said where the packages cannot be had, and leaves nothing behind', async () => {
    const npm = {
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'npm'),
    };
    const { code, err } = await call(['--no-browser'], { ...npm, PATH: process.env.PATH });
    expect(code).toBe(1);
    expect(err).toMatch(/packages could not be installed: .*127\.0\.0\.1/);
    expect(execFileSync('ls', ['-A', join(folder, 'cache', 'tsbert', 'lab')]).toString()).toBe('');
  });

  it('leaves no process when it is interrupted with kernels running', { timeout: 60_000 }, async () => {
    layInterface();
    const main = join(root, 'dist', 'cli', 'main.js');
    const child = spawn(process.execPath, [main, 'lab', '--no-browser'], {
      cwd: folder,
      env: { ...process.env, ...env, PATH: process.env.PATH },
    });
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    await expect.poll(() => out, { timeout: 20_000 }).toContain('Ctrl-C');
    const address = new URL(/http:\S+/.exec(out)![0]);
    const headers = { authorization: `token ${address.searchParams.get('token')}` };
    const kernel = await fetch(new URL('/api/kernels', address), { method: 'POST', headers, body: '{}' });
    expect(kernel.status).toBe(201);
    const running = () => processesUnder(folder);
    expect(running().length).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(running()).toEqual([]);
  });
});

/** Processes whose working folder is this one: kernels and their runners. */
function processesUnder(path: string): string[] {
  if (process.platform !== 'linux') return [];
  const pids = execFileSync('ls', ['/proc'])
    .toString()
    .split('\n')
    .filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return (
        execFileSync('readlink', [`/proc/${pid}/cwd`], { stdio: ['ignore', 'pipe', 'ignore'] })
          .toString()
          .trim() === path
      );
    } catch {
      return false;
    }
  });
}

/** A program that writes its arguments and JUPYTER_PATH to called.json. */
function installProgram(path: string, script = '') {
  const node = `#!${process.execPath}\nconst call = { args: process.argv.slice(2), path: process.env.JUPYTER_PATH };\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${node}${script}require('fs').writeFileSync('called.json', JSON.stringify(call));\n`);
  chmodSync(path, 0o755);
}

const called = () => JSON.parse(readFileSync(join(folder, 'called.json'), 'utf8'));

describe.skipIf(process.platform === 'win32')('tsbert lab --jupyter', () => {
  const venv = () => join(folder, 'cache', 'tsbert', 'jupyterlab-venv');

  it('starts the JupyterLab on PATH with our kernel and passes flags on', async () => {
    installProgram(join(folder, 'bin', 'jupyter-lab'));
    const own = { PATH: join(folder, 'bin'), JUPYTER_PATH: '/theirs' };
    expect((await call(['a.ipynb', '--jupyter', '--no-browser', '--port', '9999'], own)).code).toBe(0);
    const ours = join(folder, 'cache', 'tsbert', 'jupyter');
    expect(called()).toEqual({
      args: ['a.ipynb', '--no-browser', '--port', '9999'],
      path: `${ours}:/theirs`,
    });
    expect(existsSync(join(ours, 'kernels', 'tsbert', 'kernel.json'))).toBe(true);
  });

  it('takes the environment that it made where PATH has none', async () => {
    installProgram(join(venv(), 'bin', 'jupyter-lab'));
    expect((await call(['--jupyter'])).code).toBe(0);
  });

  it('makes an environment with pinned versions, outside the folder and quietly, where there is only Python', async () => {
    // This python makes an environment whose python "installs" a jupyter-lab.
    const install = `const fs = require('fs'), path = require('path');
      const bin = ${JSON.stringify(join(venv(), 'bin'))};
      fs.mkdirSync(bin, { recursive: true });
      const name = call.args[1] === 'venv' ? 'python' : 'jupyter-lab';
      fs.copyFileSync(__filename, path.join(bin, name));
      fs.appendFileSync('steps.txt', path.basename(__filename) + ' ' + call.args.join(' ') + '\\n');\n`;
    installProgram(join(folder, 'bin', 'python3'), install);
    const { code, out } = await call(['a.ipynb', '--jupyter'], { PATH: join(folder, 'bin') });
    expect(code).toBe(0);
    expect(out).toMatch(/installing jupyterlab==[\d.]+ into/);
    const steps = readFileSync(join(folder, 'steps.txt'), 'utf8').split('\n');
    expect(steps[0]).toBe(`python3 -m venv ${venv()}`);
    expect(steps[1]).toMatch(/^python -m pip install --quiet .*jupyterlab==/);
    expect(called().args).toEqual(['a.ipynb']);
  });

  it('says in one line what to install where there is neither', async () => {
    const { code, err } = await call(['a.ipynb', '--jupyter']);
    expect(code).toBe(1);
    expect(err).toMatch(/pip install jupyterlab.*Without --jupyter/);
    expect(err.split('\n')).toHaveLength(1);
  });
});
