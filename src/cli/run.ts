/** `tsbert run`: executes a notebook headless and writes it, and a page of it, to files. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { kernelSpec } from '../kernel/kernelspec.ts';
import { type ExecutionResult, executeNotebook } from '../notebook/execute.ts';
import { findKernel } from '../notebook/find-kernel.ts';
import type { LaunchSpec } from '../notebook/kernel-process.ts';
import { type Notebook, parseNotebook, serializeNotebook } from '../notebook/nbformat.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from './command.ts';
import { createRunProgress, describeForTerminal, formatDuration } from './run-progress.ts';
import { writeWhole } from './write-file.ts';

const help = `
tsbert run NOTEBOOK [flags]

Runs every cell of a notebook, from top to bottom, in a kernel of its own whose working folder is the
notebook's. The notebook itself is left as it is: results go to the files named here.

  --output FILE    write the executed notebook
  --html FILE      write it as one self-contained page
  --keep-going     run on after a cell that fails
  --timeout S      interrupt a cell that runs longer than S seconds
  --kernel NAME    use the installed Jupyter kernel NAME, not the one the notebook asks for

The exit code is 1 when a cell failed. Without --keep-going the run ends there and no file is written.
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      output: { type: 'string' },
      html: { type: 'string' },
      'keep-going': { type: 'boolean', default: false },
      timeout: { type: 'string' },
      kernel: { type: 'string' },
    });
    const path = onlyArgument(positionals, 'NOTEBOOK');
    const timeout = parseTimeout(values.timeout);
    const notebook = parseNotebook(await readNotebook(path, terminal), path);
    const startedAt = performance.now();
    const result = await executeNotebook(notebook, {
      cwd: dirname(resolve(terminal.cwd, path)),
      kernelSpec: await chooseKernel(notebook, values.kernel, terminal),
      allowErrors: values['keep-going'],
      signal: terminal.interrupted,
      onProgress: createRunProgress(terminal),
      ...(timeout && { cellTimeoutMs: timeout * 1000 }),
    });
    const duration = formatDuration(performance.now() - startedAt);
    return finish(result, { ...values, keepGoing: values['keep-going'], duration }, terminal);
  },
};

interface Ending {
  output?: string | undefined;
  html?: string | undefined;
  keepGoing: boolean;
  duration: string;
}

async function finish(
  { notebook, failures }: ExecutionResult,
  ending: Ending,
  terminal: Terminal,
): Promise<number> {
  const { output, html, keepGoing, duration } = ending;
  for (const failure of failures) terminal.warn(`\n${describeForTerminal(failure)}`);
  if (failures.length > 0 && !keepGoing) {
    terminal.warn('\nNo file was written. Run on after failures with --keep-going.');
    return 1;
  }
  terminal.print(`Done in ${duration}.`);
  if (output) await write(output, serializeNotebook(notebook), terminal);
  if (html) {
    const { exportHtml } = await import('../export/html.ts');
    await write(html, await exportHtml(notebook, { date: new Date() }), terminal);
  }
  return failures.length > 0 ? 1 : 0;
}

async function write(path: string, text: string, terminal: Terminal): Promise<void> {
  await writeWhole(resolve(terminal.cwd, path), text);
  terminal.print(`Wrote ${path}`);
}

async function readNotebook(path: string, terminal: Terminal): Promise<string> {
  try {
    return await readFile(resolve(terminal.cwd, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`There is no file ${path}. Name an existing notebook (.ipynb).`);
    if (code === 'EISDIR') throw new Error(`${path} is a folder. Name a notebook (.ipynb) in it.`);
    throw error;
  }
}

/** Notebooks in TypeScript or JavaScript, or of no named language, run in our kernel. */
async function chooseKernel(
  { metadata }: Notebook,
  chosen: string | undefined,
  { env }: Terminal,
): Promise<LaunchSpec> {
  const asked = metadata.kernelspec?.name;
  const language = metadata.kernelspec?.language ?? metadata.language_info?.name ?? 'typescript';
  const name = chosen ?? (/^(type|java)script$/i.test(language) ? 'tsbert' : asked);
  if (name === 'tsbert' || name === undefined) return kernelSpec();
  const found = await findKernel(name, env);
  if (found) return found;
  throw new Error(
    `The kernel '${name}' is not installed. Install it, or run the notebook in ours with --kernel tsbert.`,
  );
}

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--timeout '${text}' is no number of seconds above 0.`);
  return seconds;
}
