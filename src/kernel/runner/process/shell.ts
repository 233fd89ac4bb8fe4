/** `!command` and `%npm …` lines: run in the notebook's folder, with their output in the cell as it comes. */
import { type ChildProcess, spawn } from 'node:child_process';
import type * as cellGlobals from '../link/cell-globals.ts';
import { currentRun, resumeRun } from '../link/run-context.ts';

/** A command that ended with another code than 0. */
export class ShellError extends Error {
  override readonly name = 'ShellError';
  readonly command: string;
  readonly code: number | null;

  constructor(command: string, code: number | null) {
    super(`\`${command}\` ended with exit code ${code}. Its output above says why.`);
    this.command = command;
    this.code = code;
  }
}

/**
 * Runs a command in the system's shell.
 *
 * @throws ShellError when it does not end with code 0
 */
export async function shell(command: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const child = spawn(command, { shell: true, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const code = await streamOutput(child);
  if (code !== 0) throw new ShellError(command, code);
}

/**
 * Runs npm with the arguments of an `%npm` line, which the shell reads as ever; what it installs can be imported at
 * once. Settings go by the environment: behind the line they might be a pipe's.
 */
export function npm(args: string): Promise<void> {
  return shell(`npm ${args}`, { ...process.env, npm_config_fund: 'false', npm_config_audit: 'false' });
}

/** Puts the functions where compiled cells call them. */
export function installShell(): void {
  Object.assign(globalThis, { $shell: shell, $npm: npm } satisfies Partial<typeof cellGlobals>);
}

function streamOutput(child: ChildProcess): Promise<number | null> {
  const context = currentRun();
  const { children } = context;
  children.add(child);
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      if (!context.interrupted) resumeRun(context, () => process[name].write(text));
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      children.delete(child);
      resolve(code);
    });
  });
}
