/** A kernel's process: started on free ports with a connection file of its own, ended with all its children. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { CHANNELS, type Channel, type ConnectionInfo, createConnectionInfo } from '../connection-file.ts';
import { makeConnectionFolder } from './connection-folder.ts';
import { KernelStartError } from './errors.ts';

/** What starting a kernel needs of its kernelspec, field names as in `kernel.json`. */
export interface LaunchSpec {
  argv: readonly string[];
  env?: Record<string, string>;
  interrupt_mode?: 'signal' | 'message';
}

/** A running kernel process. */
export interface KernelProcess {
  readonly connection: ConnectionInfo;
  /** How the process ended, such as `exit code 1`. Pending while it runs; never rejects. */
  readonly exited: Promise<string>;
  /** The last lines that the kernel wrote to its standard error. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  /** Removes the connection file's folder. */
  removeFiles(): Promise<void>;
}

/** Windows opens a console window for a detached child. Elsewhere a group of its own keeps Ctrl-C away from it. */
const ownGroup = process.platform !== 'win32';

/**
 * Starts a kernel on five free ports of the loopback interface.
 * @param cwd the folder that the kernel runs in
 * @throws KernelStartError when the command cannot be run
 */
export async function startKernelProcess(spec: LaunchSpec, cwd: string): Promise<KernelProcess> {
  const connection = createConnectionInfo(await findFreePorts());
  const folder = await makeConnectionFolder();
  const file = join(folder, 'connection.json');
  const removeFiles = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(file, JSON.stringify(connection, null, 1), { mode: 0o600 });
    const child = await spawnKernel(spec, file, cwd);
    const stderr = keepLastLines(child);
    return { connection, exited: waitForExit(child), stderr, kill: killGroup(child), removeFiles };
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

function spawnKernel(spec: LaunchSpec, connectionFile: string, cwd: string): Promise<ChildProcess> {
  const [command = '', ...args] = spec.argv.map((part) =>
    part.replaceAll('{connection_file}', connectionFile),
  );
  // Jupyter's variable: kernels end themselves when this process is gone.
  const env = { ...process.env, ...spec.env, JPY_PARENT_PID: String(process.pid) };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, detached: ownGroup, stdio: ['ignore', 'ignore', 'pipe'] });
    child.once('spawn', () => resolve(child));
    child.once('error', (error) => reject(new KernelStartError(spec.argv, error.message)));
  });
}

function waitForExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
}

function keepLastLines(child: ChildProcess, characters = 4000): () => string {
  let kept = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-characters);
  });
  return () => kept;
}

function killGroup(child: ChildProcess): (signal: NodeJS.Signals) => void {
  return (signal) => {
    if (child.pid === undefined) return;
    try {
      if (ownGroup) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch {
      // The process was gone before the signal: nothing is left to end.
    }
  };
}

/** Five ports that were free a moment ago: all are held until the last is known, so that they differ. */
async function findFreePorts(): Promise<Record<Channel, number>> {
  const servers = await Promise.all(CHANNELS.map(() => listenOnFreePort()));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return Object.fromEntries(CHANNELS.map((channel, i) => [channel, ports[i]])) as Record<Channel, number>;
}

function listenOnFreePort(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
