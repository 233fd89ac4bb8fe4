import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const library = new URL('../../dist/index.js', import.meta.url).href;

/** Runs code in a process of its own, where no backend was started yet; the library is `tsbert`. */
function run(
  code: string,
  env: Record<string, string> = {},
): { stdout: string; stderr: string; status: number | null } {
  const source = `const tsbert = await import(${JSON.stringify(library)});\n${code}`;
  const { TSBERT_BACKEND: _, ...others } = process.env;
  return spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...others, ...env },
    encoding: 'utf8',
  });
}

describe('readyBackend()', () => {
  it('takes the best backend there is and says why', () => {
    const { stdout } = run(
      'console.log(JSON.stringify([await tsbert.readyBackend(), tsbert.describeBackend()]));',
    );
    const [{ name, reason }, line] = JSON.parse(stdout);
    expect(['tfjs-node', 'wasm']).toContain(name);
    if (name === 'wasm')
      expect(reason).toMatch(/^WebAssembly with SIMD: tfjs-node (is not installed|does not start)/);
    else expect(reason).toBe('native TensorFlow');
    expect(line).toBe(`tfjs backend: ${name} (${reason})`);
  });

  it('publishes the line once in a notebook', () => {
    const { stdout } = run(`
      globalThis[Symbol.for('Jupyter.publish')] = (data) => console.log(data['text/plain']);
      await Promise.all([tsbert.readyBackend(), tsbert.readyBackend()]);`);
    expect(stdout).toMatch(/^tfjs backend: [^\n]*\n$/);
  });

  it.each(['wasm', 'cpu'])('lets TSBERT_BACKEND choose %s, without the banner of tfjs', (name) => {
    const code = `
      const { name, reason } = await tsbert.readyBackend();
      console.log(name, reason, tsbert.cosSim([3, 4], [[4, 3], [0, 0]]).arraySync().toString());`;
    const { stdout, stderr } = run(code, { TSBERT_BACKEND: name });
    expect(stdout).toMatch(new RegExp(`^${name} .*: as TSBERT_BACKEND asks 0\\.96.*,0\\n$`));
    expect(stderr).toBe('');
  });

  it('refuses a backend that there is not', () => {
    const code = 'await tsbert.readyBackend().catch((error) => console.log(String(error)));';
    expect(run(code, { TSBERT_BACKEND: 'gpu' }).stdout).toBe(
      "RangeError: TSBERT_BACKEND is 'gpu': set it to one of tfjs-node, wasm, cpu, or unset it.\n",
    );
  });

  it('leaves errors nobody caught to the process: tfjs-backend-wasm would end it', () => {
    const { stdout, status } = run(
      `process.on('unhandledRejection', () => console.log('still here'));
      await tsbert.readyBackend();
      Promise.reject(new Error('forgotten'));
      setTimeout(() => console.log('and going on'), 50);`,
      { TSBERT_BACKEND: 'wasm' },
    );
    expect(stdout).toBe('still here\nand going on\n');
    expect(status).toBe(0);
  });
});

describe('cosSim() before any backend was started', () => {
  it('works at once, and its tensors move to the backend that comes later', () => {
    const { stdout } = run(`
      const early = tsbert.cosSim([1, 0], [[1, 0], [0, 1]]);
      await tsbert.readyBackend();
      console.log(early.arraySync().toString(), tsbert.cosSim(early, [1, 0]).arraySync().toString());`);
    expect(stdout).toBe('1,0 1\n');
  });
});

describe('tsbert', () => {
  it('can be required from CommonJS', () => {
    const code = `
      const { createRequire } = await import('node:module');
      const { cosSim } = createRequire(${JSON.stringify(library)})(${JSON.stringify(fileURLToPath(library))});
      console.log(typeof cosSim);`;
    const { stdout, status } = run(code);
    expect({ stdout, status }).toEqual({ stdout: 'function\n', status: 0 });
  });
});
