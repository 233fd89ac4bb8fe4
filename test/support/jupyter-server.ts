/** A Jupyter server for browser tests: own folders, own port, our kernel registered, gone when closed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface JupyterServer {
  /** Address of a file below the served folder, e.g. `page('lab', 'activity.ipynb')`. */
  page(frontEnd: 'lab' | 'notebooks', file: string): string;
  close(): Promise<void>;
}

const token = 'test-token';

/** Starts `jupyter lab` (which serves Notebook 7 too) on `folder`; `kernelsPath` is a Jupyter data folder that holds `kernels/`. */
export async function startJupyterServer(
  jupyter: string,
  folder: string,
  kernelsPath: string,
): Promise<JupyterServer> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'tsbert-jupyter-'));
  answerNewsQuestion(join(home, 'settings'));
  const server = spawn(
    jupyter,
    [
      'lab',
      '--no-browser',
      '--allow-root',
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--ServerApp.port_retries=0',
      `--IdentityProvider.token=${token}`,
      `--ServerApp.root_dir=${folder}`,
      '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
    ],
    {
      env: {
        ...process.env,
        JUPYTER_PATH: kernelsPath,
        JUPYTER_CONFIG_DIR: join(home, 'config'),
        JUPYTER_DATA_DIR: join(home, 'data'),
        JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
        JUPYTERLAB_SETTINGS_DIR: join(home, 'settings'),
        JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  await untilListening(server, port);
  return {
    page: (frontEnd, file) =>
      `http://127.0.0.1:${port}/${frontEnd === 'lab' ? 'lab/tree' : 'notebooks'}/${file}?token=${token}`,
    close: async () => {
      const closed = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await closed;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** JupyterLab asks at its first start whether it may fetch news; answered no, as the toast would take the focus. */
function answerNewsQuestion(settings: string): void {
  const folder = join(settings, '@jupyterlab', 'apputils-extension');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'notification.jupyterlab-settings'), JSON.stringify({ fetchNews: 'false' }));
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject()));
    });
  });
}

async function untilListening(server: ChildProcess, port: number): Promise<void> {
  let log = '';
  server.stdout?.on('data', (chunk) => {
    log += chunk;
  });
  server.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  for (let attempt = 0; attempt < 240; attempt++) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`http://127.0.0.1:${port}/api/status?token=${token}`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  server.kill('SIGKILL');
  throw new Error(`The Jupyter server did not start on port ${port}:\n${log}`);
}
