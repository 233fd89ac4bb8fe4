/** Our kernel passes the public jupyter_kernel_test suite, run by Python as Jupyter's own kernels run it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { writeKernelSpec } from '../../src/jupyter/kernelspec.ts';
import { findJupyter, pythonBeside } from '../support/find-tools.ts';

const jupyter = findJupyter();
const python = jupyter.path === undefined ? undefined : pythonBeside(jupyter.path);
const hasSuite = python !== undefined && spawnSync(python, ['-c', 'import jupyter_kernel_test']).status === 0;
const reason = jupyter.reason ?? (hasSuite ? undefined : `${python} has no jupyter_kernel_test`);
const title = 'jupyter_kernel_test passes, all 12 checks and the iopub welcome';

if (reason !== undefined) it.skip(`${title} (skipped: ${reason})`);
else
  it(title, { timeout: 180_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsbert-jkt-'));
    try {
      await writeKernelSpec(join(folder, 'kernels'));
      const script = fileURLToPath(new URL('./test_tsbert_kernel.py', import.meta.url));
      const env = { ...process.env, JUPYTER_DATA_DIR: folder };
      const { stderr, status } = spawnSync(python!, [script, '-v'], { env, cwd: folder, encoding: 'utf8' });
      expect(stderr).toContain('Ran 13 tests');
      expect(stderr).not.toContain('skipped');
      expect(status, stderr).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
