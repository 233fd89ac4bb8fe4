/** jupyter console with our kernel, in a terminal of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeKernelSpec } from '../../src/jupyter/kernelspec.ts';
import { findJupyter, pythonBeside } from '../support/find-tools.ts';
import { runProgram } from '../support/run-program.ts';

const jupyter = findJupyter();
const reason = jupyter.reason ?? (process.platform === 'win32' ? 'pexpect needs a Unix terminal' : undefined);
if (reason) console.log(`jupyter console is not tried: ${reason}`);

describe.runIf(!reason)('jupyter console --kernel tsbert', () => {
  it('shows values and errors, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsbert-console-'));
    await writeKernelSpec(join(folder, 'kernels'));
    const script = join(import.meta.dirname, 'console_session.py');
    const { status, stdout, stderr } = await runProgram(
      pythonBeside(jupyter.path!),
      [script, jupyter.path!],
      { cwd: folder, env: { ...process.env, JUPYTER_PATH: folder } },
    );
    rmSync(folder, { recursive: true, force: true });
    expect(stdout + stderr).toContain('said goodbye');
    expect(status).toBe(0);
  }, 200_000);
});
