/** Magics, as a person types them into a running kernel. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawClient, startRawClient } from '../../../support/raw-client.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsbert-magics-')));
let client: RawClient;
beforeAll(async () => {
  writeFileSync(join(folder, '.env'), 'FROM_FILE="of the file"\n');
  client = await startRawClient({ cwd: folder });
});
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

const TIME = String.raw`[\d.]+ (s|ms|µs|ns)`;

describe('installMagics()', () => {
  it('%time tells the time and gives the value', async () => {
    const { stdout, result } = await client.execute('%time [1, 2].map((x) => x * 2)');
    expect(stdout).toMatch(new RegExp(`^CPU time: ${TIME}, wall time: ${TIME}\n$`));
    expect(result).toBe('[ 2, 4 ]');
    expect((await client.execute('%time await Promise.resolve(3)')).result).toBe('3');
  });

  it('%%time times the cell, also one that fails', async () => {
    const { stdout, result } = await client.execute(
      '%%time\nawait new Promise((r) => setTimeout(r, 30));\n5',
    );
    expect(Number(/wall time: ([\d.]+) ms/.exec(stdout)?.[1])).toBeGreaterThan(25);
    expect(result).toBe('5');
    expect((await client.execute('%%time\nthrow new Error("x")')).stdout).toContain('wall time');
  });

  it('%timeit tells the mean of many runs', async () => {
    const { stdout } = await client.execute('%timeit Math.sqrt(2)');
    expect(stdout).toMatch(
      new RegExp(`^${TIME} ± ${TIME} per loop \\(mean ± std. dev. of 7 runs, [\\d,]+ loops each\\)`),
    );
  });

  it('%who lists names, %whos what they are', async () => {
    await client.execute("const words = ['a', 'b']; let total = 3; function twice() {}");
    expect((await client.execute('%who')).stdout).toBe('total  twice  words\n');
    const { outputs } = await client.execute('%whos');
    const text = String((outputs[1]!.content.data as Record<string, string>)['text/plain']);
    expect(text).toContain("words  Array     2     [ 'a', 'b' ]");
    expect((outputs[1]!.content.data as Record<string, string>)['text/html']).toMatch(/^<table>/);
  });

  it('%env shows and sets, %load_env reads a file', async () => {
    await client.execute('%env MINE=a b');
    expect((await client.execute('%env MINE')).stdout).toBe('MINE=a b\n');
    expect((await client.execute('process.env.MINE')).result).toBe("'a b'");
    expect((await client.execute('%load_env\nprocess.env.FROM_FILE')).result).toBe("'of the file'");
  });

  it('%cd changes the folder', async () => {
    expect((await client.execute('%cd ..')).stdout).toBe(`${realpathSync(tmpdir())}\n`);
    expect((await client.execute(`%cd ${folder}`)).stdout).toBe(`${folder}\n`);
  });

  it.each([
    ['%%html', 'text/html'],
    ['%%markdown', 'text/markdown'],
    ['%%javascript', 'text/javascript'],
    ['%%svg', 'image/svg+xml'],
  ])('%s shows the rest of the cell', async (magic, type) => {
    const { outputs } = await client.execute(`${magic}\n<b>one</b>\n\${two} \`three\``);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the cell holds
    expect(outputs[1]!.content.data).toEqual({ [type]: '<b>one</b>\n${two} `three`' });
  });

  it('_ is the last value', async () => {
    await client.execute('6 * 7');
    await client.execute('let nothing = 1');
    expect((await client.execute('_ + 1')).result).toBe('43');
  });

  it('%help lists them all', async () => {
    const { stdout } = await client.execute('%help');
    for (const name of ['%timeit', '%whos', '%load_env', '%%html']) expect(stdout).toContain(name);
  });

  it.skipIf(process.platform === 'win32')('! and %npm lines are the shell’s: pipes, quotes', async () => {
    expect((await client.execute('!echo "a | b" | tr a-z A-Z')).stdout).toBe('A | B\n');
    expect((await client.execute('%npm --version | head -c 1 | tr 0-9 x')).stdout).toBe('x');
  });
});
