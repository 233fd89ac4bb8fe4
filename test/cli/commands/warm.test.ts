/** Making models ready. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../../src/cli/commands.ts';
import { recordingTerminal } from '../recording-terminal.ts';

let graphs: string;
beforeEach(() => {
  graphs = mkdtempSync(join(tmpdir(), 'tsbert-warm-'));
  vi.stubEnv('TSBERT_GRAPHS', graphs);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(graphs, { recursive: true, force: true });
});

async function call(...args: string[]) {
  const terminal = recordingTerminal();
  const code = await runCli(['warm', ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

describe('tsbert warm', () => {
  it('makes what a model is run from, once', async () => {
    expect(await call('tsbert/mini-mpnet')).toEqual({ code: 0, out: 'Ready: tsbert/mini-mpnet', err: '' });
    const [key, ...more] = readdirSync(graphs);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(more).toEqual([]);
    await call('tsbert/mini-mpnet');
    expect(readdirSync(graphs)).toEqual([key]);
  });

  it.each([
    [[], 2, /MODEL is missing/],
    [['a', '--dtype', 'q2'], 2, /--dtype 'q2' is none of auto, fp32/],
    [['./nowhere'], 1, /There is no folder/],
  ])('answers %j with one clear line', async (args, code, problem) => {
    const result = await call(...args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(problem);
  });
});
