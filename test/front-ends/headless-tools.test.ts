/** Jupyter's own headless tools with our kernel: nbclient, jupyter execute, nbconvert, papermill, and our run beside them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeKernelSpec } from '../../src/jupyter/kernelspec.ts';
import { type CodeCell, codeCells, parseNotebook } from '../../src/jupyter/notebook/nbformat.ts';
import { findJupyter, pythonBeside } from '../support/find-tools.ts';
import { runProgram } from '../support/run-program.ts';
import { makeTinyModelCache } from '../support/tiny-model-cache.ts';

vi.setConfig({ testTimeout: 240_000 });
const jupyter = findJupyter();
if (!jupyter.path) console.log(`Jupyter's headless tools are not tried: ${jupyter.reason}`);
const python = pythonBeside(jupyter.path ?? '');
const root = fileURLToPath(new URL('../../', import.meta.url));

const cells = [
  { source: 'const times = 2;\nconst word: string = "ha";', tags: ['parameters'] },
  { source: 'console.log(word.repeat(times));\ntimes * 10', tags: [] },
];
const metadata = {
  kernelspec: { name: 'tsbert', display_name: 'TypeScript (tsbert)', language: 'typescript' },
};

describe.runIf(jupyter.path)('headless tools', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tsbert-headless-'));
    await writeKernelSpec(join(folder, 'data', 'kernels'));
    const cache = makeTinyModelCache(join(folder, 'cache'));
    env = { ...process.env, JUPYTER_PATH: join(folder, 'data'), HF_HUB_CACHE: cache, HF_HUB_OFFLINE: '1' };
    writeNotebook();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function writeNotebook(extra: string[] = []) {
    const all = [...cells, ...extra.map((source) => ({ source, tags: [] }))].map(({ source, tags }, i) => {
      const base = { cell_type: 'code', id: `c${i}`, metadata: { tags }, execution_count: null };
      return { ...base, source, outputs: [] };
    });
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata, cells: all };
    writeFileSync(join(folder, 'given.ipynb'), JSON.stringify(notebook));
  }

  async function call(command: string, ...args: string[]) {
    const { status, stdout, stderr } = await runProgram(command, args, { cwd: folder, env });
    return { status, output: stdout + stderr };
  }

  function outputs(file: string): CodeCell['outputs'][] {
    const notebook = parseNotebook(readFileSync(join(folder, file), 'utf8'), file);
    return codeCells(notebook).map(({ cell }) => cell.outputs);
  }

  const done = (text: string, value: string) => [
    { output_type: 'stream', name: 'stdout', text: `${text}\n` },
    { output_type: 'execute_result', data: { 'text/plain': value } },
  ];

  it('jupyter execute', async () => {
    expect(
      await call(jupyter.path ?? '', 'execute', 'given.ipynb', '--output', 'executed.ipynb'),
    ).toMatchObject({
      status: 0,
    });
    expect(outputs('executed.ipynb').at(-1)).toMatchObject(done('haha', '20'));
  });

  it('nbclient from Python, and its error for a failing cell', async () => {
    writeNotebook(['null.x']);
    const script = `
import nbformat, nbclient
nb = nbformat.read('given.ipynb', 4)
try:
    nbclient.NotebookClient(nb, timeout=120).execute()
except nbclient.exceptions.CellExecutionError as error:
    print('FAILED', error.ename)
nbformat.validate(nb)
nbformat.write(nb, 'nbclient.ipynb')`;
    const { status, output } = await call(python, '-c', script);
    writeNotebook();
    expect(output).toContain('FAILED');
    expect(status).toBe(0);
    expect(outputs('nbclient.ipynb')[1]).toMatchObject(done('haha', '20'));
    expect(outputs('nbclient.ipynb')[2]).toMatchObject([{ output_type: 'error' }]);
  });

  it('jupyter nbconvert --execute runs the whole activity', async () => {
    const notebook = join(root, 'notebooks', 'activity-solution.ipynb');
    const target = ['--to', 'notebook', '--output-dir', folder, '--output', 'converted.ipynb'];
    expect(await call(jupyter.path ?? '', 'nbconvert', '--execute', ...target, notebook)).toMatchObject({
      status: 0,
    });
    const last = outputs('converted.ipynb').at(-1)?.at(-1);
    expect(last).toMatchObject({ data: { 'application/vnd.vegalite.v5+json': expect.any(Object) } });
  });

  it('papermill sets parameters, by its translator that writes what TypeScript reads', async () => {
    const flags = ['--language', '.net-csharp', '-p', 'times', '3', '-p', 'word', 'ho'];
    const { status, output } = await call(
      python,
      '-m',
      'papermill',
      'given.ipynb',
      'papermill.ipynb',
      ...flags,
    );
    expect(output).not.toContain('Traceback');
    expect(status).toBe(0);
    expect(outputs('papermill.ipynb').at(-1)).toMatchObject(done('hohoho', '30'));
  });

  it('tsbert run sets parameters likewise, and Jupyter finds its result valid', async () => {
    const main = join(root, 'dist', 'cli', 'main.js');
    const set = ['--set', 'times=3', '--set', 'word=ho'];
    const args = ['run', 'given.ipynb', '--output', 'ours.ipynb', ...set];
    expect(await call(process.execPath, main, ...args)).toMatchObject({ status: 0 });
    expect(outputs('ours.ipynb').at(-1)).toMatchObject(done('hohoho', '30'));
    const script = "import nbformat; nbformat.validate(nbformat.read('ours.ipynb', 4)); print('valid')";
    expect(await call(python, '-c', script)).toMatchObject({ output: expect.stringContaining('valid') });
  });
});
