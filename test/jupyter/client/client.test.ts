/** The client with real kernel processes: ipykernel where Python has one, and commands that are no kernels. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startKernel } from '../../../src/jupyter/client/client.ts';
import { KernelStartError } from '../../../src/jupyter/client/errors.ts';
import { executeNotebook } from '../../../src/jupyter/notebook/execute.ts';
import { parseNotebook } from '../../../src/jupyter/notebook/nbformat.ts';
import { findJupyter, pythonBeside } from '../../support/find-tools.ts';

const jupyter = findJupyter();
const python = jupyter.path && pythonBeside(jupyter.path);
const hasIpykernel = python && spawnSync(python, ['-c', 'import ipykernel']).status === 0;
if (!hasIpykernel)
  console.log(`ipykernel tests are skipped: ${jupyter.reason ?? 'Jupyter has no ipykernel'}`);
const ipykernel = { argv: [python ?? '', '-m', 'ipykernel_launcher', '-f', '{connection_file}'] };

function notebookOf(...sources: string[]) {
  const cells = sources.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [] }));
  return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }), 'test.ipynb');
}

let folder: string;
const leftBehind = () => readdirSync(folder);

/** Connection files are made in the system's temporary folder: here, in one of the test's own. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsbert-client-test-'));
  process.env.TMPDIR = folder;
  process.env.TEMP = folder;
});

afterEach(() => {
  delete process.env.TMPDIR;
  delete process.env.TEMP;
  rmSync(folder, { recursive: true, force: true });
});

describe('startKernel()', () => {
  it('names a command that does not exist', async () => {
    const starting = startKernel({ argv: ['no-such-kernel', '{connection_file}'] }, { cwd: folder });
    await expect(starting).rejects.toThrow(KernelStartError);
    await expect(starting).rejects.toThrow(/no-such-kernel/);
    expect(leftBehind()).toEqual([]);
  });

  it('tells what a kernel that ends at once has written', async () => {
    const argv = [process.execPath, '-e', 'console.error("no such module"); process.exit(3)'];
    const starting = startKernel({ argv }, { cwd: folder });
    await expect(starting).rejects.toThrow(/ended before it answered.\nno such module/);
    expect(leftBehind()).toEqual([]);
  });

  it('gives up on one that never answers, and ends it', async () => {
    const argv = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
    const starting = startKernel({ argv }, { cwd: folder, startTimeoutMs: 300, shutdownGraceMs: 50 });
    await expect(starting).rejects.toThrow(/did not answer within 0.3 s/);
    expect(leftBehind()).toEqual([]);
  });
});

describe.skipIf(!hasIpykernel)('executeNotebook() with ipykernel', () => {
  it('runs cells, keeps outputs in order and updates displays', async () => {
    const { notebook, failures } = await executeNotebook(
      notebookOf(
        'import os\nprint("a"); print("b")',
        'from IPython.display import display, clear_output\nh = display("old", display_id=True)\n1 + 1',
        'h.update("new")\nimport sys\nfor i in range(3): print("\\r%d" % i, end="", file=sys.stderr)',
        'print("gone"); clear_output(wait=True); print(os.getcwd())',
      ),
      { cwd: folder, kernelSpec: ipykernel },
    );
    expect(failures).toEqual([]);
    expect(notebook.cells).toMatchObject([
      { outputs: [{ name: 'stdout', text: 'a\nb\n' }] },
      {
        outputs: [{ data: { 'text/plain': "'new'" } }, { output_type: 'execute_result', execution_count: 2 }],
      },
      { outputs: [{ name: 'stderr', text: '2' }] },
      { outputs: [{ text: expect.stringContaining('tsbert-client-test-') }] },
    ]);
    expect(leftBehind()).toEqual([]);
  });

  it('names the failing line, the time limit and the kernel’s death', async () => {
    const { failures } = await executeNotebook(
      notebookOf('x = 1\n1 / 0', 'import time; time.sleep(60)', 'import os; os._exit(9)', 'print("never")'),
      { cwd: folder, kernelSpec: ipykernel, allowErrors: true, cellTimeoutMs: 1500 },
    );
    expect(failures).toMatchObject([
      { cellNumber: 1, ename: 'ZeroDivisionError', line: 2, sourceLine: '1 / 0' },
      { cellNumber: 2, ename: 'CellTimeoutError' },
      { cellNumber: 3, ename: 'DeadKernelError', evalue: expect.stringContaining('exit code 9') },
    ]);
    expect(leftBehind()).toEqual([]);
  });

  it('ends the kernel when it is aborted', async () => {
    const stop = new AbortController();
    const running = executeNotebook(notebookOf('import time; time.sleep(60)'), {
      cwd: folder,
      kernelSpec: ipykernel,
      signal: stop.signal,
      onProgress: (event) =>
        event.type === 'cell-start' && setTimeout(() => stop.abort(new Error('enough')), 300),
    });
    await expect(running).rejects.toThrow('enough');
    expect(leftBehind()).toEqual([]);
  });
});
