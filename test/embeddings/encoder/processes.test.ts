/** Several processes that load one model for the first time at once; the compiled package, so `npm run build` first. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const compiled = path.join(import.meta.dirname, '../../../dist/embeddings/encoder/packed-encoder.js');
const skipReason = existsSync(compiled) ? undefined : 'dist is missing: run npm run build';
if (skipReason) console.log(`loading in several processes is skipped: ${skipReason}`);

const model = path.join(import.meta.dirname, '../../fixtures/families/bert');
let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(os.tmpdir(), 'onnx-processes-'));
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

describe.skipIf(skipReason)('loadPackedEncoder() in several processes', () => {
  it('gives all of them the same model and leaves one folder', async () => {
    const outputs = await Promise.all([loadInProcess(), loadInProcess(), loadInProcess()]);
    expect(JSON.parse(outputs[0]!)).toHaveLength(3 * 32);
    expect(new Set(outputs).size).toBe(1);
    const left = await readdir(cacheDir, { recursive: true });
    expect(left.filter((name) => !name.includes(path.sep))).toHaveLength(1);
    expect(left.filter((name) => name.includes('draft') || /agreement-\w+\.json\../.test(name))).toEqual([]);
  });
});

/** @returns what the process prints: the rows of one sentence */
async function loadInProcess(): Promise<string> {
  const script = `
    import { loadPackedEncoder } from ${JSON.stringify(pathToFileURL(compiled).href)};
    const options = { dtype: 'q8', cacheDir: ${JSON.stringify(cacheDir)} };
    const encoder = await loadPackedEncoder(${JSON.stringify(model)}, options);
    console.log(JSON.stringify([...(await encoder.run([Int32Array.of(5, 6, 7)]))]));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}
