/** Listing and clearing what was made from models. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/commands.ts';
import { findOrMakeFolder } from '../../../src/embeddings/graph/cache/folders.ts';
import { recordingTerminal } from '../recording-terminal.ts';

let base: string;
let graphs: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'tsbert-cache-'));
  graphs = join(base, 'graphs');
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function keep(name: string, key: string): Promise<void> {
  await mkdir(join(base, name), { recursive: true });
  await findOrMakeFolder([{ path: graphs, isNamed: true }], {
    key: key.repeat(32),
    source: join(base, name),
    variant: 'q8',
    make: (draft) => writeFile(join(draft, 'w'), Buffer.alloc(1_500_000)),
  });
}

async function call(...args: string[]) {
  const terminal = recordingTerminal({ env: { TSBERT_GRAPHS: graphs, XDG_CACHE_HOME: join(base, 'none') } });
  const code = await runCli(['cache', ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

describe('tsbert cache', () => {
  it('lists each model with its precision and size', async () => {
    await keep('model-a', 'a');
    const { code, out } = await call();
    expect(code).toBe(0);
    expect(out).toContain(`${graphs} (2 MB)`);
    expect(out).toMatch(/2 MB {2}used \d{4}-\d\d-\d\d {2}q8 {3}.*model-a/);
  });

  it('clears what belongs to a model, or all', async () => {
    await keep('model-a', 'a');
    await keep('model-b', 'b');
    expect((await call('clear', 'model-a')).out).toMatch(/^Removed .*model-a\nFreed 2 MB\.$/);
    expect((await call()).out).not.toContain('model-a');
    await call('clear');
    expect((await call()).out).not.toContain('model-b');
  });

  it.each([[['remove']], [['clear', 'a', 'b']], [['list', 'a']]])('refuses %j', async (args) => {
    expect(await call(...args)).toMatchObject({ code: 2 });
  });
});
