/** Choosing and calling a command. */
import { describe, expect, it } from 'vitest';
import { type CommandEntry, commands, runCli } from '../../src/cli/commands.ts';
import { onlyArgument, parseFlags } from '../../src/cli/support/command.ts';
import { createTerminal } from '../../src/cli/support/terminal.ts';
import { recordingTerminal } from './recording-terminal.ts';

const table: Record<string, CommandEntry> = {
  greet: {
    summary: 'says hello',
    load: async () => ({
      command: {
        help: 'tsbert greet NAME [--loud]',
        async run(args, terminal) {
          const { values, positionals } = parseFlags(args, { loud: { type: 'boolean' } });
          const name = onlyArgument(positionals, 'NAME');
          if (name === 'nobody') throw new RangeError('There is nobody to greet. Name somebody.');
          terminal.print(values.loud ? name.toUpperCase() : name);
          return 0;
        },
      },
    }),
  },
};

async function call(...args: string[]) {
  const terminal = recordingTerminal();
  const code = await runCli(args, terminal, table);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

describe('runCli()', () => {
  it('calls the command with its arguments', async () => {
    expect(await call('greet', 'ann', '--loud')).toEqual({ code: 0, out: 'ANN', err: '' });
  });

  it('prints the overview, a command’s help and the version', async () => {
    for (const args of [[], ['--help'], ['-h']]) {
      expect((await call(...args)).out).toContain('greet  says hello');
    }
    expect((await call('greet', '--help')).out).toBe('tsbert greet NAME [--loud]');
    expect((await call('--version')).out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each([
    [['dance'], "tsbert: unknown command 'dance'. Commands: greet."],
    [['constructor'], "tsbert: unknown command 'constructor'. Commands: greet."],
    [['greet', 'ann', '--quiet'], "tsbert greet: Unknown option '--quiet'.\nSee: tsbert greet --help"],
    [['greet'], 'tsbert greet: NAME is missing.\nSee: tsbert greet --help'],
    [
      ['greet', 'a', 'b'],
      "tsbert greet: One NAME is expected; 'b' is one too many.\nSee: tsbert greet --help",
    ],
  ])('answers %j with one clear line and exit code 2', async (args, err) => {
    expect(await call(...args)).toEqual({ code: 2, out: '', err });
  });

  it('tells a failure in one line, without a stack', async () => {
    const failed = await call('greet', 'nobody');
    expect(failed).toEqual({
      code: 1,
      out: '',
      err: 'tsbert greet: There is nobody to greet. Name somebody.',
    });
  });

  it('ends with 130 after Ctrl-C', async () => {
    const terminal = recordingTerminal({ interrupted: AbortSignal.abort() });
    expect(await runCli(['greet', 'nobody'], terminal, table)).toBe(130);
  });
});

describe('commands', () => {
  it.each(Object.entries(commands))('%s loads, and its help names it', async (name, { load, summary }) => {
    const { command } = await load();
    expect(command.help).toContain(`tsbert ${name}`);
    expect(summary).not.toBe('');
  });
});

describe('createTerminal()', () => {
  function record(isTTY: boolean) {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text), isTTY, columns: 10 };
    const process = { stdout: stream, stderr: stream, env: {}, cwd: () => '/' };
    return { written, terminal: createTerminal(process, new AbortController().signal) };
  }

  it('redraws the status in place, cut to the width, and removes it before a line', () => {
    const { written, terminal } = record(true);
    terminal.status('a status too long');
    terminal.print('line');
    expect(written).toEqual(['a status ', '\r\x1b[K', 'line\n']);
  });

  it('shows no status where there is no terminal', () => {
    const { written, terminal } = record(false);
    terminal.status('10 %');
    terminal.warn('line');
    expect(written).toEqual(['line\n']);
  });
});
