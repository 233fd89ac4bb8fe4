/** `tsbert run`: executes a notebook headless and writes it, and a page of it, to files. */
import { dirname, resolve } from 'node:path';
import { checkTarget, isSameFile } from '../../files/check-target.ts';
import { findKernel } from '../../jupyter/client/find-kernel.ts';
import type { LaunchSpec } from '../../jupyter/client/kernel-process.ts';
import { kernelSpec } from '../../jupyter/kernelspec.ts';
import { type ExecutionResult, executeNotebook } from '../../jupyter/notebook/execute.ts';
import { type Notebook, parseNotebook } from '../../jupyter/notebook/nbformat.ts';
import { injectParameters, type Parameters, parseParameter } from '../../jupyter/notebook/parameters.ts';
import { type Autosave, createAutosave } from '../support/autosave.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { readNotebookFile } from '../support/notebook-file.ts';
import { interactivePath, writePages } from '../support/write-pages.ts';
import { createRunProgress, describeForTerminal, formatDuration } from './run-progress.ts';

const help = `
tsbert run NOTEBOOK [flags]

Runs every cell of a notebook, from top to bottom, in a kernel of its own whose working folder is the
notebook's. The notebook itself is left as it is: results go to the files named here.

  --output FILE    write the executed notebook, after every cell: what was done is there, whatever happens
  --html FILE      write it as one self-contained page, at the end
  --interactive    with --html: write NAME-interactive.html too, in which the sentences of heatmaps can be changed
  --keep-going     run on after a cell that fails
  --timeout S      interrupt a cell that runs longer than S seconds
  --set NAME=VALUE set a parameter (JSON or text), behind the cell tagged "parameters"; may be repeated
  --kernel NAME    use the installed Jupyter kernel NAME, not the one the notebook asks for

The exit code is 1 when a cell failed. Without --keep-going the run ends there and no page is written.
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      output: { type: 'string' },
      html: { type: 'string' },
      interactive: { type: 'boolean', default: false },
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
    const autosave = await checkTargets(path, values, terminal);
    const startedAt = performance.now();
    const result = await executeNotebook(notebook, {
      cwd: dirname(path),
      kernelSpec: await chooseKernel(notebook, values.kernel, terminal),
      allowErrors: values['keep-going'],
      signal: terminal.interrupted,
      onProgress: createRunProgress(terminal),
      onCellEnd: (state) => autosave?.save(state),
      ...(timeout && { cellTimeoutMs: timeout * 1000 }),
    });
    const duration = formatDuration(performance.now() - startedAt);
    return finish(result, { ...values, path, autosave, keepGoing: values['keep-going'], duration }, terminal);
  },
};

/** What cannot be written is refused before a cell runs. @returns what saves the notebook, where that is asked */
async function checkTargets(
  path: string,
  {
    output,
    html,
    interactive,
  }: { output?: string | undefined; html?: string | undefined; interactive: boolean },
  terminal: Terminal,
): Promise<Autosave | undefined> {
  const { cwd } = terminal;
  if (interactive && !html)
    throw new UsageError('--interactive writes a page beside that of --html FILE: add it.');
  const [outputPath, htmlPath] = [output, html].map((name) => name && resolve(cwd, name));
  if (html && htmlPath) {
    if (await isSameFile(htmlPath, path)) {
      throw new UsageError(`--html '${html}' is the notebook itself. Name another file.`);
    }
    if (outputPath && (await isSameFile(htmlPath, outputPath))) {
      throw new UsageError(`--html and --output name one file, '${html}'. Name two.`);
    }
    await checkTarget(htmlPath);
    if (interactive) await checkTarget(interactivePath(htmlPath));
  }
  return outputPath ? createAutosave(outputPath, terminal.warn) : undefined;
}

interface Ending {
  /** The notebook that was run. */
  path: string;
  output?: string | undefined;
  html?: string | undefined;
  interactive: boolean;
  autosave: Autosave | undefined;
  keepGoing: boolean;
  duration: string;
}

async function finish(
  { notebook, failures }: ExecutionResult,
  ending: Ending,
  terminal: Terminal,
): Promise<number> {
  const { path, output, html, interactive, autosave, keepGoing, duration } = ending;
  for (const failure of failures) terminal.warn(`\n${describeForTerminal(failure)}`);
  const isEnded = failures.length > 0 && !keepGoing;
  if (!isEnded) terminal.print(`Done in ${duration}.`);
  await autosave?.finish(notebook);
  if (output && !isEnded) terminal.print(`Wrote ${output}`);
  if (isEnded) {
    const kept = output ? `What ran is in ${output}.` : 'No file was written.';
    terminal.warn(`\n${kept} Run on after failures with --keep-going.`);
    return 1;
  }
  if (html) await writePages(notebook, { path, html, interactive }, terminal);
  return failures.length > 0 ? 1 : 0;
}

/** Notebooks in TypeScript or JavaScript, or of no named language, run in our kernel. */
async function chooseKernel(
  { metadata }: Notebook,
  chosen: string | undefined,
  { env }: Terminal,
): Promise<LaunchSpec> {
  const asked = textOf(metadata.kernelspec?.name);
  const language =
    textOf(metadata.kernelspec?.language) ?? textOf(metadata.language_info?.name) ?? 'typescript';
  const name = chosen ?? (/^(type|java)script$/i.test(language) ? 'tsbert' : asked);
  if (name === 'tsbert' || name === undefined) return kernelSpec();
  const found = await findKernel(name, env);
  if (found) return found;
  throw new Error(
    `The kernel '${name}' is not installed. Install it, or run the notebook in ours with --kernel tsbert.`,
  );
}

/** What a file calls a name may be anything. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `NAME=VALUE` texts as an object; undefined when there are none. */
function parseParameters(texts: readonly string[]): Parameters | undefined {
  const entries = texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new UsageError(`--set '${text}' is not NAME=VALUE.`);
    return [name, parseParameter(value, name)] as const;
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--timeout '${text}' is no number of seconds above 0.`);
  return seconds;
}
