/** The kernelspec and where it is written. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernelSpec, userKernelsDir, writeKernelSpec } from '../../src/jupyter/kernelspec.ts';

describe('kernelSpec()', () => {
  it('starts the kernel with the running Node and is interrupted by message', () => {
    const { argv, ...fields } = kernelSpec();
    expect(argv[0]).toBe(process.execPath);
    expect(argv.at(-2)).toMatch(/dist[\\/]kernel[\\/]main\.js$/);
    expect(argv.at(-1)).toBe('{connection_file}');
    expect(fields).toMatchObject({
      display_name: 'TypeScript (tsbert)',
      language: 'typescript',
      interrupt_mode: 'message',
    });
  });
});

describe('writeKernelSpec()', () => {
  it('writes one whole file, over an older one too', async () => {
    const kernels = mkdtempSync(join(tmpdir(), 'tsbert-kernels-'));
    await writeKernelSpec(kernels);
    const folder = await writeKernelSpec(kernels);
    expect(folder).toBe(join(kernels, 'tsbert'));
    expect(readdirSync(folder)).toEqual(['kernel.json']);
    expect(JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8'))).toEqual(kernelSpec());
    rmSync(kernels, { recursive: true });
  });
});

describe('userKernelsDir()', () => {
  it.each([
    ['linux', {}, join('/h', '.local', 'share', 'jupyter', 'kernels')],
    ['linux', { XDG_DATA_HOME: '/x' }, join('/x', 'jupyter', 'kernels')],
    ['darwin', {}, join('/h', 'Library', 'Jupyter', 'kernels')],
    ['win32', { APPDATA: '/a' }, join('/a', 'jupyter', 'kernels')],
    ['linux', { JUPYTER_DATA_DIR: '/d' }, join('/d', 'kernels')],
  ] as const)('on %s with %j is Jupyter’s own', (platform, env, folder) => {
    expect(userKernelsDir({ platform, env, home: '/h' })).toBe(folder);
  });
});
