/** The table of commands, and the choice between them. */
import { readFile } from 'node:fs/promises';
import type { Command, Terminal } from './support/command.ts';
import { UsageError } from './support/command.ts';

/** A line of the table. A command's file is loaded when it is called, so that each starts fast. */
export interface CommandEntry {
  summary: string;
  load(): Promise<{ command: Command }>;
}

/** Every command, in the order of `tsbert --help`. A new one is a file with `export const command`, and a line here. */
export const commands: Record<string, CommandEntry> = {
  run: { summary: 'run a notebook headless, from top to bottom', load: () => import('./commands/run.ts') },
  export: {
    summary: 'write a notebook as one self-contained HTML page',
    load: () => import('./commands/export.ts'),
  },
  lab: { summary: 'open a notebook in JupyterLab with this kernel', load: () => import('./commands/lab.ts') },
  kernel: {
    summary: 'register this kernel with Jupyter and VS Code, or remove it',
    load: () => import('./commands/kernel.ts'),
  },
  serve: {
    summary: 'serve models to many clients over HTTP, as OpenAI and TEI do',
    load: () => import('./commands/serve.ts'),
  },
  embed: {
    summary: 'encode a file of texts into Parquet files, resumable and in shares',
    load: () => import('./commands/embed.ts'),
  },
  activity: {
    summary: 'copy the exercise notebooks into a folder',
    load: () => import('./commands/activity.ts'),
  },
  grade: {
    summary: 'tell which blanks of a class’s notebooks are right',
    load: () => import('./commands/grade.ts'),
  },
  warm: {
    summary: 'make models ready before anybody waits for them',
    load: () => import('./commands/warm.ts'),
  },
  cache: {
    summary: 'list what was made from models to run them, and clear it',
    load: () => import('./commands/cache.ts'),
  },
  doctor: {
    summary: 'tell what works on this machine, and the remedy for what does not',
    load: () => import('./commands/doctor.ts'),
  },
};

/**
 * Runs the program.
 * @param args the command line behind `tsbert`
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C
 */
export async function runCli(
  args: string[],
  terminal: Terminal,
  table: Record<string, CommandEntry> = commands,
): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (['--help', '-h', 'help'].includes(name)) return print(terminal, overview(table));
  if (['--version', '-V'].includes(name)) return print(terminal, await version());
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!entry) {
    terminal.warn(`tsbert: unknown command '${name}'. Commands: ${Object.keys(table).join(', ')}.`);
    return 2;
  }
  const { command } = await entry.load();
  const flags = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (flags.includes('--help') || flags.includes('-h')) return print(terminal, command.help.trim());
  return runCommand(name, command, rest, terminal);
}

async function runCommand(
  name: string,
  command: Command,
  args: string[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await command.run(args, terminal);
  } catch (error) {
    terminal.status('');
    if (terminal.interrupted.aborted) {
      terminal.warn('Stopped.');
      return 130;
    }
    const message = error instanceof Error ? error.message : String(error);
    terminal.warn(`tsbert ${name}: ${message}`);
    if (terminal.env.TSBERT_DEBUG && error instanceof Error) terminal.warn(error.stack ?? '');
    if (!(error instanceof UsageError)) return 1;
    terminal.warn(`See: tsbert ${name} --help`);
    return 2;
  }
}

function overview(table: Record<string, CommandEntry>): string {
  const width = Math.max(0, ...Object.keys(table).map((name) => name.length));
  const lines = Object.entries(table).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Sentence transformers in TypeScript notebooks.',
    '',
    'Usage: tsbert COMMAND [ARGUMENTS]',
    '',
    ...lines,
    '',
    'tsbert COMMAND --help tells a command’s flags; tsbert --version the version.',
  ].join('\n');
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function print(terminal: Terminal, text: string): number {
  terminal.print(text);
  return 0;
}
