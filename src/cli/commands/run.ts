/** `tsbert run`: executes a notebook headless and writes it, and a page of it, to files. */
import { dirname, resolve } from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import { findKernel } from '../../jupyter/client/find-kernel.ts';
import type { LaunchSpec } from '../../jupyter/client/kernel-process.ts';
import { kernelSpec } from '../../jupyter/kernelspec.ts';
import { type ExecutionResult, executeNotebook } from '../../jupyter/notebook/execute.ts';
import { type Notebook, parseNotebook, serializeNotebook } from '../../jupyter/notebook/nbformat.ts';
import { injectParameters, type Parameters, parseParameter } from '../../jupyter/notebook/parameters.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { imagesBeside, readNotebookFile } from '../support/notebook-file.ts';
import { createRunProgress, describeForTerminal, formatDuration } from './run-progress.ts';

const help = `
tsbert run NOTEBOOK [flags]

Runs every cell of a notebook, from top to bottom, in a kernel of its own whose working folder is the
notebook's. The notebook itself is left as it is: results go to the files named here.

  --output FILE    write the executed notebook
  --html FILE      write it as one self-contained page
  --keep-going     run on after a cell that fails
  --timeout S      interrupt a cell that runs longer than S seconds
  --set NAME=VALUE set a parameter (JSON or text), behind the cell tagged "parameters"; may be repeated
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
      set: { type: 'string', multiple: true, default: [] },
    });
    const name = onlyArgument(positionals, 'NOTEBOOK');
    const path = resolve(terminal.cwd, name);
    const timeout = parseTimeout(values.timeout);
    const parameters = parseParameters(values.set);
    const given = parseNotebook((await readNotebookFile(path, name)).text, name);
    const notebook = parameters ? injectParameters(given, parameters) : given;
    const startedAt = performance.now();
    const result = await executeNotebook(notebook, {
      cwd: dirname(path),
      kernelSpec: await chooseKernel(notebook, values.kernel, terminal),
      allowErrors: values['keep-going'],
      signal: terminal.interrupted,
      onProgress: createRunProgress(terminal),
      ...(timeout && { cellTimeoutMs: timeout * 1000 }),
    });
    const duration = formatDuration(performance.now() - startedAt);
    return finish(result, { ...values, path, keepGoing: values['keep-going'], duration }, terminal);
  },
};

interface Ending {
  /** The notebook that was run. */
  path: string;
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
  const { path, output, html, keepGoing, duration } = ending;
  for (const failure of failures) terminal.warn(`\n${describeForTerminal(failure)}`);
  if (failures.length > 0 && !keepGoing) {
    terminal.warn('\nNo file was written. Run on after failures with --keep-going.');
    return 1;
  }
  terminal.print(`Done in ${duration}.`);
  if (output) await write(output, serializeNotebook(notebook), terminal);
  if (html) {
    const { exportHtml } = await import('../../export/html.ts');
    await write(
      html,
      await exportHtml(notebook, { date: new Date(), readImage: imagesBeside(path) }),
      terminal,
    );
  }
  return failures.length > 0 ? 1 : 0;
}

async function write(path: string, text: string, terminal: Terminal): Promise<void> {
  await writeWhole(resolve(terminal.cwd, path), text);
  terminal.print(`Wrote ${path}`);
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

/** `NAME=VALUE` texts as an object; undefined when there are none. */
function parseParameters(texts: readonly string[]): Parameters | undefined {
  const entries = texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new UsageError(`--set '${text}' is not NAME=VALUE.`);
    return [name, parseParameter(value)] as const;
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--timeout '${text}' is no number of seconds above 0.`);
  return seconds;
}
