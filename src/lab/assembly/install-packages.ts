/** Installs the interface's packages with npm, into a folder that is thrown away afterwards. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The packages could not be installed: no network, mostly. */
export class InstallError extends Error {
  override readonly name = 'InstallError';

  constructor(problem: string) {
    super(`JupyterLab's packages could not be installed: ${problem}`);
  }
}

const ARGUMENTS = [
  'ci',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--prefer-offline',
];

/**
 * Runs `npm ci` in a folder that has package.json and package-lock.json. No package's script runs.
 * @throws InstallError with npm's own reason
 */
export async function installPackages(
  folder: string,
  env: NodeJS.ProcessEnv,
  stop: AbortSignal,
): Promise<void> {
  const [command, args, shell] = npmCommand(env);
  const child = spawn(command, [...args, ...ARGUMENTS], {
    cwd: folder,
    env: withoutOuterNpm(env),
    shell,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: stop,
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-10_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? new InstallError('npm was not found on PATH.') : error);
    });
    child.once('close', resolve);
  });
  if (code !== 0) throw new InstallError(reasonOf(errors));
}

/** npm as a script for this Node, where it is known, else the program on PATH. */
function npmCommand(env: NodeJS.ProcessEnv): [command: string, args: string[], shell: boolean] {
  const beside = [
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = [env.npm_execpath, ...beside].find(
    (path) => path?.endsWith('npm-cli.js') && existsSync(path),
  );
  if (script) return [process.execPath, [script], false];
  return ['npm', [], process.platform === 'win32']; // On Windows npm is a batch file.
}

/** Under `npm start` the outer npm's variables name the outer project. What the user configured stays. */
function withoutOuterNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOuter = (name: string) =>
    /^npm_(package|lifecycle|config_(local_prefix|onnxruntime|prefix$|global))/i.test(name) ||
    name === 'INIT_CWD';
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOuter(name)));
}

/** npm's lines without its prefix; the first two tell the reason, the rest where its log is. */
function reasonOf(errors: string): string {
  const lines = errors
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line && !/^(code|errno|syscall|A complete log)/.test(line));
  return lines.slice(0, 2).join(' ') || 'npm failed without a word.';
}
