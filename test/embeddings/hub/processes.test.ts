/** Downloads by real processes: two at once, one that is killed, and one that meets a silent hub. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryFolder } from '../../../src/embeddings/hub/cache.ts';
import { type FakeHub, readRepository, startFakeHub } from '../../support/fake-hub.ts';

const fixture = fileURLToPath(new URL('../../fixtures/tiny-bert-nli-mean-tokens', import.meta.url));
const built = new URL('../../../dist/embeddings/hub/resolve.js', import.meta.url).href;
const id = 'sentence-transformers/bert-base-nli-mean-tokens';
const script = `const { resolveModel } = await import('${built}');
const files = await resolveModel('${id}').catch((error) => ({ error: error.name, message: error.message }));
console.log(JSON.stringify(files));`;

let home: string;
let hub: FakeHub;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tsbert-processes-'));
  hub = await startFakeHub(id, readRepository(fixture));
});

afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

function startLoading(): ChildProcess {
  const env = { PATH: process.env.PATH, HOME: home, HF_HOME: home, HF_ENDPOINT: hub.url };
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function resultOf(child: ChildProcess): Promise<Record<string, unknown>> {
  let output = '';
  child.stdout!.on('data', (data) => {
    output += data;
  });
  await once(child, 'close');
  return JSON.parse(output);
}

const blobs = () => readdirSync(join(repositoryFolder(join(home, 'hub'), id), 'blobs'));
const isUnfinished = (blob: string) => blob.endsWith('.incomplete');

describe('resolveModel() in processes of their own', () => {
  it('is safe when two download the same model at once', async () => {
    const slow = new Set<string>();
    hub.fault = (_request, response, url) => {
      if (!url.pathname.endsWith('model.safetensors')) return false;
      slow.add(String(response.socket?.remotePort));
      const content = hub.files.get('model.safetensors')!;
      response.writeHead(200, { 'Content-Length': content.length });
      response.write(content.subarray(0, 500));
      setTimeout(() => response.end(content.subarray(500)), 700);
      return true;
    };
    const [a, b] = await Promise.all([startLoading(), startLoading()].map(resultOf));
    expect(a).toEqual(b);
    expect(a).toMatchObject({ id, isStandIn: false });
    expect(slow.size).toBe(2);
    expect(blobs().filter(isUnfinished)).toEqual([]);
    const cached = readRepository(a!.folder as string);
    for (const [path, content] of cached) expect(content.equals(hub.files.get(path)!), path).toBe(true);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'leaves nothing that is later trusted after %s, and resumes',
    async (signal) => {
      const content = hub.files.get('model.safetensors')!;
      hub.fault = (_request, response, url) => {
        if (!url.pathname.endsWith('model.safetensors')) return false;
        response.writeHead(200, { 'Content-Length': content.length });
        response.write(content.subarray(0, 3000));
        return true;
      };
      const child = startLoading();
      while (!hub.requests.some((line) => line.endsWith('model.safetensors'))) await pause(20);
      await pause(500);
      child.kill(signal);
      await once(child, 'close');
      expect(existsSync(join(repositoryFolder(join(home, 'hub'), id), 'refs', 'main'))).toBe(false);
      expect(blobs().filter(isUnfinished)).toHaveLength(1);

      hub.fault = undefined;
      const files = await resultOf(startLoading());
      expect(files).toMatchObject({ id });
      expect(hub.requests.at(-2)).toMatch(/model\.safetensors bytes=3000-/);
      expect(blobs().filter(isUnfinished)).toEqual([]);
    },
  );

  it('notices a silent hub within 5 seconds, and ends', async () => {
    hub.fault = () => true;
    const child = startLoading();
    const result = resultOf(child);
    while (hub.requests.length === 0) await pause(20);
    const start = Date.now();
    expect(await result).toMatchObject({ error: 'HubUnreachableError' });
    expect(Date.now() - start).toBeLessThan(5500);
  });
});
