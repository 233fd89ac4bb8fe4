/** `tsbert lab`: opens a notebook in JupyterLab, served from here, with our kernel. Nothing but Node is needed. */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { dataFolder, thisMachine } from '../../files/user-folders.ts';
import { findOrAssemble } from '../../lab/assembly/assemble.ts';
import { isExercise, openCopy } from '../../lab/exercises/exercises.ts';
import { readInterface } from '../../lab/page/interface.ts';
import { type LabOptions, type LabServer, startLab } from '../../lab/server.ts';
import { type Command, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { openBrowser } from '../support/open-browser.ts';
import { readRemote } from '../support/remote-access.ts';
import { runPythonLab } from './lab-jupyter.ts';

const help = `
tsbert lab [NOTEBOOK] [flags]

Opens NOTEBOOK, or the current folder, in JupyterLab. One of tsbert's own exercises opens as a copy in
my-notebooks. In a fresh clone JupyterLab's interface is installed and built once, which takes about a minute.

  --no-browser          only print the address; it holds the token that lets you in
  --port N              listen there; 8888 or a free one otherwise
  --cull-idle MINUTES   end kernels that nobody has used for so long
  --ip ADDRESS          listen on another address than this machine's own; with:
  --allow-remote        let other machines in, by the password in TSBERT_LAB_PASSWORD
  --jupyter             use Python's JupyterLab: the one on PATH, else one that is installed for it.
                        Every other flag goes to it then
`;

const FLAGS = {
  'no-browser': { type: 'boolean', default: false },
  port: { type: 'string' },
  ip: { type: 'string' },
  'allow-remote': { type: 'boolean', default: false },
  'cull-idle': { type: 'string' },
} as const;

/** Jupyter's own port: people know it. */
const USUAL_PORT = 8888;
/** Where copies of the exercises are worked in. */
const WORK_FOLDER = 'my-notebooks';

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    if (args.includes('--jupyter'))
      return runPythonLab(
        args.filter((arg) => arg !== '--jupyter'),
        terminal,
      );
    const { values, positionals } = parseFlags(args, FLAGS);
    if (positionals.length > 1)
      throw new UsageError(`One NOTEBOOK is expected; '${positionals[1]}' is one too many.`);
    const remote = readRemote(values.ip, values['allow-remote'], terminal.env);
    const port = readNumber(values.port, '--port', 0, 65_535);
    const cullMinutes = readNumber(values['cull-idle'], '--cull-idle', 1, 1_000_000);
    const { folder, opened } = await chooseFolder(positionals[0], terminal.cwd);
    const assets = await readInterface(await findInterface(terminal));
    const server = await startOn(port, {
      folder,
      assets,
      stateFolder: join(dataFolder(thisMachine(terminal.env)), 'tsbert', 'lab'),
      env: terminal.env,
      ...remote,
      ...(cullMinutes !== undefined && { cullIdleMs: cullMinutes * 60_000 }),
    });
    return serve(server, opened, terminal, {
      folder,
      remote: remote.password !== undefined,
      browser: !values['no-browser'],
    });
  },
};

/** The folder to serve, and the file in it to open, as its path in the address. */
async function chooseFolder(
  name: string | undefined,
  cwd: string,
): Promise<{ folder: string; opened: string }> {
  if (name === undefined) return { folder: cwd, opened: '' };
  const path = resolve(cwd, name);
  if (!existsSync(path)) throw new Error(`There is no file ${name}. Name an existing notebook (.ipynb).`);
  if (statSync(path).isDirectory()) return { folder: path, opened: '' };
  const copy = isExercise(path)
    ? await openCopy(relative(dirname(path), path), join(cwd, WORK_FOLDER))
    : path;
  const file = copy ?? path;
  const way = relative(cwd, file);
  const isBelow =
    !isAbsolute(way) && way.split(sep)[0] !== '..' && !way.split(sep).some((part) => part.startsWith('.'));
  const folder = isBelow && copy === path ? cwd : dirname(file);
  return { folder, opened: relative(folder, file).split(sep).join('/') };
}

/** Shows what is done while the interface is made: nothing where it is there. */
async function findInterface(terminal: Terminal): Promise<string> {
  const started = Date.now();
  let step = '';
  const show = () => terminal.status(`JupyterLab: ${step} … ${Math.round((Date.now() - started) / 1000)} s`);
  const timer = setInterval(() => step && show(), 1000);
  try {
    const folder = await findOrAssemble({
      env: terminal.env,
      stop: terminal.interrupted,
      report(next) {
        if (!step)
          terminal.print('Making the JupyterLab interface from its npm packages: once, about a minute.');
        step = next;
        show();
      },
    });
    if (step) terminal.print(`Made in ${Math.round((Date.now() - started) / 1000)} s, and kept in ${folder}`);
    return folder;
  } finally {
    clearInterval(timer);
    terminal.status('');
  }
}

/** The port that was asked for, else the usual one, else a free one. */
async function startOn(port: number | undefined, options: LabOptions): Promise<LabServer> {
  try {
    return await startLab({ ...options, port: port ?? USUAL_PORT });
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (isTaken && port === undefined) return startLab({ ...options, port: 0 });
    if (isTaken) throw new Error(`Port ${port} is taken. Name another one, or none: --port.`);
    throw error;
  }
}

interface Serving {
  folder: string;
  remote: boolean;
  browser: boolean;
}

/** Tells the address, opens the browser, and serves until Ctrl-C. */
async function serve(
  server: LabServer,
  opened: string,
  terminal: Terminal,
  { folder, remote, browser }: Serving,
): Promise<number> {
  const path = opened ? `/lab/tree/${opened.split('/').map(encodeURIComponent).join('/')}` : '/lab';
  const address = server.url(path);
  terminal.print(`JupyterLab serves ${folder} at`);
  terminal.print(`  ${address}`);
  if (remote) terminal.warn('Other machines get in by the password. What they send is not encrypted.');
  const closePage = browser ? await openBrowser(address, terminal.env) : undefined;
  terminal.print('Stop it with Ctrl-C.');
  await untilStopped(terminal.interrupted);
  terminal.print('Stopping the kernels …');
  await server.close();
  await closePage?.();
  return 0;
}

function untilStopped(interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (interrupted.aborted) return resolve();
    interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
}

function readNumber(text: string | undefined, flag: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${flag} must be a whole number from ${least} to ${most}, not '${text}'.`);
}
