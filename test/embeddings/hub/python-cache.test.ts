/** The cache is shared with Python's huggingface_hub, both ways. */
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveModel } from '../../../src/embeddings/hub/resolve.ts';
import { commit, type FakeHub, readRepository, startFakeHub } from '../../support/fake-hub.ts';
import { findPython } from '../../support/find-tools.ts';

const fixture = fileURLToPath(new URL('../../fixtures/tiny-bert-nli-mean-tokens', import.meta.url));
const id = 'sentence-transformers/bert-base-nli-mean-tokens';
const python = findPython('huggingface_hub');
if (python.reason) console.log(`The cache is not shared with Python: ${python.reason}`);

describe.runIf(python.path)('the cache that huggingface_hub shares', () => {
  let home: string;
  let hub: FakeHub;
  let env: Record<string, string>;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'tsbert-python-'));
    hub = await startFakeHub(id, readRepository(fixture));
    env = { HOME: home, HF_HOME: join(home, 'hf'), HF_ENDPOINT: hub.url, HF_HUB_DISABLE_PROGRESS_BARS: '1' };
  });

  afterEach(async () => {
    await hub.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs Python with this cache; what it prints as JSON comes back. */
  async function runPython(code: string, more: Record<string, string> = {}): Promise<unknown> {
    const child = await promisify(execFile)(python.path!, ['-c', code], {
      env: { PATH: process.env.PATH, ...env, ...more },
    });
    return JSON.parse(child.stdout);
  }

  it('is read by Python: what was downloaded here is found offline, and scanned without a warning', async () => {
    const { folder } = await resolveModel(id, { env });
    const found = await runPython(
      `import json, huggingface_hub as h
snapshot = h.snapshot_download('${id}', local_files_only=True)
scan = h.scan_cache_dir()
repo = next(iter(scan.repos))
revision = next(iter(repo.revisions))
print(json.dumps({
  'snapshot': snapshot,
  'file': h.hf_hub_download('${id}', '1_Pooling/config.json', local_files_only=True),
  'repos': [r.repo_id for r in scan.repos],
  'warnings': [str(w) for w in scan.warnings],
  'commit': revision.commit_hash, 'refs': sorted(revision.refs), 'files': repo.nb_files,
}))`,
      { HF_HUB_OFFLINE: '1' },
    );
    expect(found).toEqual({
      snapshot: folder,
      file: join(folder, '1_Pooling', 'config.json'),
      repos: [id],
      warnings: [],
      commit,
      refs: ['main'],
      files: new Set([...readRepository(folder).keys()].map((path) => realpathSync(join(folder, path)))).size,
    });
  });

  it('needs nothing more from the hub when Python goes online with it', async () => {
    const { folder } = await resolveModel(id, { env });
    hub.requests.length = 0;
    const code = `import json, huggingface_hub as h
print(json.dumps(h.hf_hub_download('${id}', 'model.safetensors')))`;
    expect(await runPython(code)).toBe(join(folder, 'model.safetensors'));
    expect(hub.requests.filter((line) => line.startsWith('GET') && line.includes('/resolve/'))).toEqual([]);
  });

  it("is filled by Python: a model it fetched is loaded here without the hub's help", async () => {
    const code = `import json, huggingface_hub as h
print(json.dumps(h.snapshot_download('${id}')))`;
    const folder = await runPython(code);
    hub.requests.length = 0;
    expect(await resolveModel(id, { env })).toEqual({ id, folder, isStandIn: false });
    expect(hub.requests).toEqual([]);
  });
});
