/** `tsbert export`: files in, one page out. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/commands.ts';
import { serializeNotebook } from '../../../src/jupyter/notebook/nbformat.ts';
import { code, dot, markdown, notebook, stream } from '../../export/notebooks.ts';
import { recordingTerminal } from '../recording-terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-export-'));
  writeFileSync(join(folder, 'a.ipynb'), serializeNotebook(notebook([code('1 + 1', [stream('2')])])));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function call(...args: string[]) {
  const terminal = recordingTerminal({ cwd: folder });
  const exit = await runCli(['export', ...args], terminal);
  return { exit, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

const page = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('tsbert export', () => {
  it('writes the page beside the notebook, named and titled after it', async () => {
    expect(await call('a.ipynb')).toMatchObject({
      exit: 0,
      err: '',
      out: expect.stringMatching(/^Wrote a\.html \(\d+ KB\)$/),
    });
    expect(page('a.html')).toContain('<title>a</title>');
  });

  it('writes where --output says, or to standard output', async () => {
    await call('a.ipynb', '--output', 'out/b.html', '--no-code', '--title', 'T');
    expect(page('out/b.html')).toContain('<title>T</title>');
    expect(page('out/b.html')).not.toContain('class="code"');
    expect((await call('a.ipynb', '--output', '-')).out).toMatch(/^<!doctype html>/);
  });

  it('takes in pictures of the notebook’s folder, and none from outside', async () => {
    mkdirSync(join(folder, 'sub'));
    for (const name of ['outside.png', 'sub/in.png'])
      writeFileSync(join(folder, name), Buffer.from(dot, 'base64'));
    symlinkSync(join(folder, 'outside.png'), join(folder, 'sub', 'link.png'));
    const cells = [markdown('![a](in.png) ![b](../outside.png) ![c](link.png) ![d](../a.ipynb)')];
    writeFileSync(join(folder, 'sub/b.ipynb'), serializeNotebook(notebook(cells)));
    await call('sub/b.ipynb');
    expect(page('sub/b.html').match(/<img /g)).toHaveLength(1);
    expect(page('sub/b.html').match(/Picture not in this page/g)).toHaveLength(3);
  });

  it.each([
    ['a missing file', 'no.ipynb', '', /There is no file no\.ipynb/],
    ['a folder', '.', '', /is a folder/],
    ['no JSON', 'b.ipynb', 'x', /This is not JSON/],
    ['no notebook', 'b.ipynb', '[]', /no object/],
    [
      'nbformat 3',
      'b.ipynb',
      '{"nbformat":3,"nbformat_minor":0,"worksheets":[]}',
      /format 3.*jupyter nbconvert --to notebook/,
    ],
  ])('refuses %s and writes nothing', async (_, name, text, message) => {
    if (text) writeFileSync(join(folder, name), text);
    const before = readdirSync(folder);
    const { exit, err } = await call(name);
    expect(exit).toBe(1);
    expect(err).toMatch(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('does not overwrite the notebook', async () => {
    expect(await call('a.ipynb', '--output', 'a.ipynb')).toMatchObject({ exit: 2 });
    expect(existsSync(join(folder, 'a.html'))).toBe(false);
    expect(page('a.ipynb')).toContain('nbformat');
  });
});
