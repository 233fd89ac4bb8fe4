/** Finding a model: folders, bundled models, the cache, stand-ins, and every way a hub can fail. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundledModels } from '../../../src/embeddings/hub/bundled.ts';
import { repositoryFolder } from '../../../src/embeddings/hub/cache.ts';
import { type ResolveOptions, resolveModel } from '../../../src/embeddings/hub/resolve.ts';
import {
  commit,
  etagOf,
  type FakeHub,
  readRepository,
  sendError,
  startFakeHub,
} from '../../support/fake-hub.ts';

const fixture = fileURLToPath(new URL('../../fixtures/tiny-all-mpnet-base-v2', import.meta.url));
const name = 'all-mpnet-base-v2';
const id = `sentence-transformers/${name}`;
const patience = {
  connectTimeoutMs: 400,
  stallTimeoutMs: 300,
  retryDelaysMs: [5, 5],
  longestRetryAfterMs: 1500,
};

let scratch: string;
let hub: FakeHub;
let options: ResolveOptions;
let notices: string[];

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'tsbert-hub-'));
  hub = await startFakeHub(id, readRepository(fixture));
  const env = { HOME: scratch, HF_ENDPOINT: hub.url };
  options = { env, patience, showProgressBar: false };
  notices = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => notices.push(String(text)) > 0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await hub.close();
  rmSync(scratch, { recursive: true, force: true });
});

const cacheDir = () => join(scratch, '.cache', 'huggingface', 'hub');
const repository = () => repositoryFolder(cacheDir(), id);
const blobs = () => (existsSync(join(repository(), 'blobs')) ? readdirSync(join(repository(), 'blobs')) : []);
const load = (more: ResolveOptions = {}) => resolveModel(name, { ...options, ...more });
/** What a load that has to fail fails with. */
const failureOf = (loading: Promise<unknown>): Promise<Error> =>
  loading.then(
    () => expect.unreachable(),
    (error) => error,
  );
const offline = (variables: object): ResolveOptions => ({ env: { ...options.env, ...variables } });
const unreachable = { HF_ENDPOINT: 'http://127.0.0.1:2' };

describe('resolveModel() with a folder', () => {
  it('takes an absolute and a relative path', async () => {
    expect(await resolveModel(fixture)).toEqual({ id: fixture, folder: fixture, isStandIn: false });
    const relative = './test/fixtures/tiny-all-mpnet-base-v2';
    expect((await resolveModel(relative)).folder).toBe(resolve(relative));
    expect((await resolveModel('test/fixtures/tiny-all-mpnet-base-v2')).folder).toBe(resolve(relative));
  });

  it('names a path where there is nothing, or a file', async () => {
    await expect(resolveModel('./nowhere')).rejects.toMatchObject({
      name: 'ModelFolderError',
      path: './nowhere',
    });
    await expect(resolveModel(join(fixture, 'config.json'))).rejects.toThrow(/a file, not a folder/);
  });
});

describe('resolveModel() from the hub', () => {
  it('downloads what the model needs into the cache, each file named after its hash', async () => {
    const files = await load();
    expect(files).toEqual({ id, folder: join(repository(), 'snapshots', commit), isStandIn: false });
    const cached = readRepository(files.folder);
    for (const [path, content] of cached) expect(content.equals(hub.files.get(path)!), path).toBe(true);
    expect([...cached.keys()].sort()).toEqual([
      '1_Pooling/config.json',
      'config.json',
      'config_sentence_transformers.json',
      'model.safetensors',
      'modules.json',
      'sentence_bert_config.json',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.txt',
    ]);
    expect(blobs().sort()).toEqual(
      [...new Set([...cached].map(([path, data]) => etagOf(path, data)))].sort(),
    );
    expect(readFileSync(join(repository(), 'refs', 'main'), 'utf8')).toBe(commit);
  });

  it('asks nobody when the cache has it', async () => {
    await load();
    hub.requests.length = 0;
    expect((await load()).folder).toContain(commit);
    expect(hub.requests).toEqual([]);
    expect((await load(offline({ HF_HUB_OFFLINE: '1' }))).isStandIn).toBe(false);
  });

  it('fetches only what an incomplete cache lacks', async () => {
    const { folder } = await load();
    rmSync(join(folder, 'vocab.txt'));
    rmSync(join(folder, 'tokenizer.json'));
    hub.requests.length = 0;
    await load();
    expect(hub.requests.filter((line) => line.includes('/resolve/'))).toEqual([]);
    expect(existsSync(join(folder, 'tokenizer.json'))).toBe(true);
  });

  it('asks the hub for what a cache that transformers filled does not know of', async () => {
    const { folder } = await load();
    // AutoModel and AutoTokenizer fetch these, and note nothing of the others.
    for (const path of ['modules.json', 'sentence_bert_config.json', 'config_sentence_transformers.json']) {
      rmSync(join(folder, path));
    }
    rmSync(join(folder, '1_Pooling'), { recursive: true });
    await expect(load(offline({ HF_HUB_OFFLINE: '1' }))).rejects.toThrow(
      /only partly in the cache \(modules\.json, config_sentence_transformers\.json, sentence_bert_config\.json missing/,
    );
    hub.requests.length = 0;
    await load();
    expect(existsSync(join(folder, '1_Pooling', 'config.json'))).toBe(true);
    expect(hub.requests.join()).not.toContain('model.safetensors');
  });

  it('knows by its notes, and by Python’s, what the hub does not have', async () => {
    for (const path of ['modules.json', 'config_sentence_transformers.json', 'sentence_bert_config.json']) {
      hub.files.delete(path);
    }
    await load();
    hub.requests.length = 0;
    expect((await load(offline({ HF_HUB_OFFLINE: '1' }))).isStandIn).toBe(false);
    await load();
    expect(hub.requests).toEqual([]);
  });

  it('fetches again a small file that was damaged in the cache', async () => {
    const { folder } = await load();
    const modules = readFileSync(join(folder, 'modules.json'));
    writeFileSync(join(folder, 'modules.json'), Buffer.alloc(modules.length, 'x'));
    await load();
    expect(readFileSync(join(folder, 'modules.json')).equals(modules)).toBe(true);
  });

  it('fetches again weights that were cut in the cache, and names them where there is no hub', async () => {
    const { folder } = await load();
    const weights = join(folder, 'model.safetensors');
    truncateSync(weights, 5000);
    await expect(load(offline(unreachable))).rejects.toThrow(/model\.safetensors missing or cut/);
    await load();
    expect(readFileSync(weights).equals(hub.files.get('model.safetensors')!)).toBe(true);
  });

  it('loads a pinned revision by tag and by commit', async () => {
    await load({ revision: 'v1' });
    expect(readFileSync(join(repository(), 'refs', 'v1'), 'utf8')).toBe(commit);
    expect(existsSync(join(repository(), 'refs', 'main'))).toBe(false);
    hub.requests.length = 0;
    await load({ revision: commit });
    expect(hub.requests).toEqual([]);
    await expect(load({ revision: 'v9' })).rejects.toThrow(/no revision 'v9'/);
    await expect(load({ revision: '../x' })).rejects.toThrow(RangeError);
  });

  it('sends the token to the hub', async () => {
    await load(offline({ HF_TOKEN: 'secret' }));
    expect(new Set(hub.authorizations)).toEqual(new Set(['Bearer secret']));
  });

  it('is safe when the same model is loaded twice at once', async () => {
    const [a, b] = await Promise.all([load(), load()]);
    expect(a).toEqual(b);
    expect(blobs().some((blob) => blob.endsWith('.incomplete'))).toBe(false);
  });

  it('draws a bar for each file, with its size', async () => {
    await load({ showProgressBar: true });
    expect(notices.find((line) => line.startsWith('model.safetensors'))).toMatch(
      /^model\.safetensors: 100%\|██████████\| \d+(\.\d+)?k\/\d+(\.\d+)?k \[00:00<00:00, .*B\/s\]\n$/,
    );
    expect(notices).toHaveLength(10);
  });
});

describe('resolveModel() when a download fails', () => {
  const weights = `/${id}/resolve/${commit}/model.safetensors`;

  it('goes on where the connection was cut', async () => {
    let cuts = 0;
    hub.fault = (_request, response, { pathname }) => {
      if (pathname !== weights || cuts++ > 0) return false;
      const content = hub.files.get('model.safetensors')!;
      response.writeHead(200, { 'Content-Length': content.length });
      response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    await load();
    const asked = hub.requests.filter((line) => line.includes(weights));
    expect(asked[1]).toMatch(/bytes=1000-\d+$/);
  });

  it('starts again when the server cannot resume', async () => {
    let cuts = 0;
    hub.fault = (_request, response, { pathname }) => {
      if (pathname !== weights) return false;
      const content = hub.files.get('model.safetensors')!;
      response.writeHead(200, { 'Content-Length': content.length });
      if (cuts++ > 0) response.end(content);
      else response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    const { folder } = await load();
    expect(readFileSync(join(folder, 'model.safetensors')).equals(hub.files.get('model.safetensors')!)).toBe(
      true,
    );
  });

  it('gets there over a connection that is cut ten times, for each brings something', async () => {
    let cuts = 0;
    hub.fault = (request, response, { pathname }) => {
      if (pathname !== weights || cuts++ >= 10) return false;
      const content = hub.files.get('model.safetensors')!;
      const start = Number(/bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const part = content.subarray(start, start + 500);
      response.writeHead(start > 0 ? 206 : 200, {
        'Content-Length': content.length - start,
        'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
      response.write(part, () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    const { folder } = await load();
    expect(readFileSync(join(folder, 'model.safetensors')).equals(hub.files.get('model.safetensors')!)).toBe(
      true,
    );
    expect(cuts).toBe(11);
  });

  it('goes on, in the next call, where the last one had to give up', async () => {
    const content = hub.files.get('model.safetensors')!;
    let isDown = false;
    hub.fault = (_request, response, { pathname }) => {
      if (pathname !== weights) return false;
      if (isDown) response.destroy();
      else {
        isDown = true;
        response.writeHead(200, { 'Content-Length': content.length });
        response.write(content.subarray(0, 3000), () => setTimeout(() => response.destroy(), 20));
      }
      return true;
    };
    await expect(load()).rejects.toThrow(
      /Check the connection and load it again: it goes on where it stopped/,
    );
    hub.fault = undefined;
    hub.requests.length = 0;
    await load();
    expect(hub.requests).toContain(`GET ${weights} bytes=3000-${content.length - 1}`);
    expect(blobs().some((blob) => blob.endsWith('.incomplete'))).toBe(false);
  });

  it('names a file that is cut again and again', async () => {
    hub.fault = (_request, response, { pathname }) => {
      if (pathname !== weights) return false;
      response.writeHead(200, { 'Content-Length': hub.files.get('model.safetensors')!.length });
      response.write('x'.repeat(10), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    await expect(load()).rejects.toMatchObject({
      name: 'DownloadError',
      file: 'model.safetensors',
      fault: 'cut',
    });
    expectNothingTrusted();
  });

  it('names a file cut without a content length', async () => {
    hub.fault = (_request, response, { pathname }) => {
      if (pathname !== weights) return false;
      response.writeHead(200, { Connection: 'close' });
      response.end('x'.repeat(10));
      return true;
    };
    await expect(load()).rejects.toThrow(/model\.safetensors of '.*' (ended after|arrived with)/);
    expectNothingTrusted();
  });

  it('deletes and names a file with other content of the same length, and one that is longer', async () => {
    const { length } = hub.files.get('model.safetensors')!;
    for (const [body, fault] of [
      [Buffer.alloc(length), 'hash'],
      [Buffer.alloc(length + 1), 'size'],
    ] as const) {
      hub.fault = (_request, response, { pathname }) => {
        if (pathname !== weights) return false;
        response.end(body);
        return true;
      };
      await expect(load()).rejects.toMatchObject({ name: 'DownloadError', file: 'model.safetensors', fault });
      expectNothingTrusted();
      expect(blobs().some((blob) => blob.endsWith('.incomplete'))).toBe(false);
    }
  });

  it('names a file that stands still', async () => {
    hub.fault = (_request, response, { pathname }) => {
      if (pathname !== weights) return false;
      response.writeHead(200, { 'Content-Length': 5000 });
      response.write('x'.repeat(10));
      return true;
    };
    await expect(load()).rejects.toMatchObject({ name: 'DownloadError', fault: 'stalled' });
    expectNothingTrusted();
  });

  it('resumes what an ended process had downloaded', async () => {
    const content = hub.files.get('model.safetensors')!;
    const left = await leaveBehind(content.subarray(0, 2000));
    await load();
    expect(hub.requests).toContain(`GET ${weights} bytes=2000-${content.length - 1}`);
    expect(existsSync(left)).toBe(false);
  });

  it('trusts nothing an ended process left: a wrong beginning is found by its hash, and fetched again', async () => {
    await leaveBehind(Buffer.alloc(2000));
    const { folder } = await load();
    expect(readFileSync(join(folder, 'model.safetensors')).equals(hub.files.get('model.safetensors')!)).toBe(
      true,
    );
  });

  it('ends when the caller says so', async () => {
    hub.fault = (_request, response, { pathname }) => {
      if (pathname !== weights) return false;
      response.writeHead(200, { 'Content-Length': 5000 });
      response.write('x');
      setTimeout(() => controller.abort(), 30);
      return true;
    };
    const controller = new AbortController();
    await expect(load({ signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expectNothingTrusted();
  });

  function expectNothingTrusted(): void {
    expect(existsSync(join(repository(), 'refs', 'main'))).toBe(false);
    const content = hub.files.get('model.safetensors')!;
    expect(blobs()).not.toContain(etagOf('model.safetensors', content));
  }

  /** A partial file as a killed process leaves it: made by a process that has ended. */
  async function leaveBehind(content: Buffer): Promise<string> {
    const { partialName } = await import('../../../src/embeddings/hub/partial.ts');
    const ended = 2 ** 22 + 7;
    const etag = etagOf('model.safetensors', hub.files.get('model.safetensors')!);
    const path = join(repository(), 'blobs', partialName(etag).replace(`-${process.pid}-`, `-${ended}-`));
    mkdirSync(join(repository(), 'blobs'), { recursive: true });
    writeFileSync(path, content);
    return path;
  }
});

describe('resolveModel() when the hub answers otherwise', () => {
  const always = (status: number, headers: Record<string, string> = {}, body = '') => {
    hub.fault = (_request, response) => {
      response.writeHead(status, headers);
      response.end(body);
      return true;
    };
  };

  it('suggests the nearest name for a misspelt one (404)', async () => {
    await expect(resolveModel('all-mpnet-base-v3x', options)).rejects.toMatchObject({
      name: 'ModelNotFoundError',
      suggestion: expect.stringContaining('all-mpnet-base-v'),
      message: expect.stringContaining("Did you mean 'all-mpnet-base-v"),
    });
  });

  it('names the token as the remedy (401, 403), and the nearest name', async () => {
    always(401);
    await expect(load()).rejects.toMatchObject({ name: 'HubAccessError', status: 401 });
    await expect(load()).rejects.toThrow(/HF_TOKEN/);
    await expect(resolveModel('all-mpnet-base-v22', options)).rejects.toThrow(
      /Did you mean 'all-mpnet-base-v2'/,
    );
    hub.fault = (_request, response) => sendError(response, 403, 'GatedRepo');
    await expect(load()).rejects.toThrow(/Accept its terms/);
    await expect(load(offline({ HF_TOKEN: 'x' }))).rejects.toMatchObject({ status: 403 });
  });

  it('tells when to come back (429)', async () => {
    always(429, { 'Retry-After': '120' });
    await expect(load()).rejects.toMatchObject({ name: 'HubBusyError', status: 429, retryAfterSeconds: 120 });
    expect(hub.requests).toHaveLength(1);
  });

  it('waits for a short Retry-After (429)', async () => {
    let refusals = 0;
    hub.fault = (_request, response) => {
      if (refusals++ > 0) return false;
      response.writeHead(429, { 'Retry-After': '1' }).end();
      return true;
    };
    expect((await load()).id).toBe(id);
  });

  it('tries again a little (503), then says so', async () => {
    let faults = 0;
    hub.fault = (_request, response) => faults++ < 2 && sendError(response, 503);
    expect((await load()).id).toBe(id);
    rmSync(scratch, { recursive: true });
    always(503);
    hub.requests.length = 0;
    await expect(load()).rejects.toMatchObject({ name: 'HubBusyError', status: 503 });
    expect(hub.requests).toHaveLength(3);
  });

  it('recognises a sign-in page (HTML with status 200), for the listing and for a file', async () => {
    const page = '<html><title>Sign in</title></html>';
    always(200, { 'Content-Type': 'text/html' }, page);
    await expect(load()).rejects.toMatchObject({ name: 'HubAnswerError' });
    await expect(load()).rejects.toThrow(/sign-in page/);
    hub.fault = (_request, response, { pathname }) => {
      if (!pathname.includes('/resolve/')) return false;
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
      return true;
    };
    await expect(load()).rejects.toThrow(/sign-in page/);
    expect(existsSync(join(repository(), 'refs'))).toBe(false);
  });

  it('recognises what is no hub at all', async () => {
    always(200, { 'Content-Type': 'application/json' }, '{"hello": 1}');
    await expect(load()).rejects.toThrow(/does not answer as a hub does/);
    always(200, { 'Content-Type': 'application/json' }, 'not json');
    await expect(load()).rejects.toThrow(/does not answer as a hub does/);
  });

  it('ends a listing that has no end, and one that is too large', { timeout: 30_000 }, async () => {
    hub.fault = (request, response, { pathname }) => {
      if (!pathname.includes('/tree/')) return false;
      response.writeHead(200, {
        'Content-Type': 'application/json',
        Link: `<${hub.url}${request.url}>; rel="next"`,
      });
      response.end('[]');
      return true;
    };
    await expect(load()).rejects.toThrow(/lists the files of '.*' without an end/);
    const large = gzipSync(Buffer.alloc(300_000_000, ' '));
    hub.fault = (_request, response, { pathname }) => {
      if (!pathname.includes('/tree/')) return false;
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
      response.end(large);
      return true;
    };
    await expect(load({ patience: { ...patience, connectTimeoutMs: 20_000 } })).rejects.toThrow(
      /with more than 32 MB/,
    );
  });

  it('tells an answer without content (204) for what it is', async () => {
    hub.fault = (_request, response, { pathname }) => {
      if (!pathname.includes('/resolve/')) return false;
      response.writeHead(204).end();
      return true;
    };
    await expect(load()).rejects.toThrow(/The hub answered HTTP 204/);
  });

  it('names a modules.json that is none', async () => {
    hub.files.set('modules.json', Buffer.from('{"a": '));
    await expect(load()).rejects.toMatchObject({
      name: 'UnusableRepositoryError',
      missing: ['modules.json'],
    });
    await expect(load()).rejects.toThrow(/modules\.json of '.*' on the hub is no list of modules/);
  });

  it('never tells the token, nor the user and password of the endpoint', async () => {
    const hidden = `hf_${'a'.repeat(10)}\u200bsecret`;
    const error = await failureOf(load(offline({ HF_TOKEN: hidden })));
    expect(error).toMatchObject({ name: 'HubTokenError', message: expect.stringContaining('number 14') });
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
    const withLogin = hub.url.replace('//', '//user:pass%20word@');
    await load(offline({ HF_ENDPOINT: withLogin }));
    expect(new Set(hub.authorizations)).toEqual(new Set([`Basic ${btoa('user:pass word')}`]));
    always(500);
    rmSync(scratch, { recursive: true });
    const refused = await failureOf(load(offline({ HF_ENDPOINT: withLogin })));
    expect(inspect(refused, { depth: 9 })).not.toMatch(/pass/);
  });

  it('names a cache that cannot be written', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    const error = await failureOf(load({ cacheDir: join(file, 'cache') }));
    expect(error).toMatchObject({ name: 'HubCacheError', code: 'ENOTDIR' });
    expect(error.message).toMatch(
      /a file stands in its place: move it away; or name another folder in HF_HOME/,
    );
  });

  it('notices within the time limit a hub that does not answer', async () => {
    hub.fault = () => true;
    const start = Date.now();
    await expect(load()).rejects.toMatchObject({
      name: 'HubUnreachableError',
      reason: 'no answer within 0.4 s',
    });
    expect(Date.now() - start).toBeLessThan(1500);
  });

  it('names the remedies when nothing listens', async () => {
    await expect(load(offline(unreachable))).rejects.toMatchObject({ name: 'HubUnreachableError' });
    await expect(load(offline(unreachable))).rejects.toThrow(
      /ECONNREFUSED.*standIn: true.*local folder.*fill the cache/s,
    );
  });

  it('refuses a repository with pickled weights only, before downloading them', async () => {
    hub.files.set('pytorch_model.bin', hub.files.get('model.safetensors')!);
    hub.files.delete('model.safetensors');
    hub.files.delete('onnx/model.onnx');
    await expect(load()).rejects.toMatchObject({
      name: 'UnusableRepositoryError',
      missing: ['model.safetensors'],
    });
    await expect(load()).rejects.toThrow(/pickled Python/);
    expect(hub.requests.join()).not.toContain('pytorch_model.bin');
  });

  it('leaves out files whose names lead out of the folder', async () => {
    hub.files.set('../../escaped.json', Buffer.from('{}'));
    const modules = JSON.parse(hub.files.get('modules.json')!.toString());
    modules[1].path = '../../escaped';
    hub.files.set('modules.json', Buffer.from(JSON.stringify(modules)));
    await expect(load()).rejects.toMatchObject({ name: 'UnusableRepositoryError' });
  });
});

describe('resolveModel() with stand-ins', () => {
  const standIn = bundledModels.find((model) => model.standsInFor === id)!;

  it('takes it, visibly, when the hub is out of reach', async () => {
    const files = await load({ ...offline(unreachable), standIn: true });
    expect(files).toEqual({ id: standIn.id, folder: standIn.folder, isStandIn: true });
    expect(notices.join('')).toMatch(/^Stand-in: 'tsbert\/mini-mpnet' is loaded in place of '.*ECONNREFUSED/);
  });

  it('takes it when a sign-in page answers', async () => {
    hub.fault = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>');
      return true;
    };
    expect(await load({ standIn: true })).toMatchObject({ isStandIn: true });
  });

  it.each<[string, () => ResolveOptions]>([
    ['the cache cannot be written', () => ({ cacheDir: join(scratch, 'file', 'cache') })],
    ['the token holds a character that no token holds', () => offline({ HF_TOKEN: 'a\u200bb' })],
    ['the hub refuses the token', () => offline({ HF_TOKEN: 'expired' })],
    ['a mirror does not have it', () => offline({ HF_ENDPOINT: `${hub.url}/mirror` })],
  ])('takes it when %s', async (_, reason) => {
    writeFileSync(join(scratch, 'file'), '');
    hub.fault = (request, response) =>
      request.headers.authorization === 'Bearer expired' && sendError(response, 401);
    expect(await load({ ...reason(), standIn: true })).toMatchObject({ isStandIn: true });
    expect(notices.join('')).toMatch(/^Stand-in: /);
  });

  it('does not take it for a revision that there is not', async () => {
    await expect(load({ standIn: true, revision: 'v9' })).rejects.toThrow(/no revision 'v9'/);
  });

  it('waits for a silent hub once, not for every stand-in', async () => {
    hub.fault = () => true;
    await load({ standIn: true });
    const start = Date.now();
    expect(await load({ standIn: true })).toMatchObject({ isStandIn: true });
    expect(Date.now() - start).toBeLessThan(patience.connectTimeoutMs);
    expect(hub.requests).toHaveLength(1);
  });

  it('is forced by TSBERT_OFFLINE, also when the real model is cached', async () => {
    await load();
    expect(await load({ ...offline({ TSBERT_OFFLINE: '1' }), standIn: true })).toMatchObject({
      isStandIn: true,
    });
  });

  it('loads a bundled model by its own id, without a notice', async () => {
    const files = await resolveModel(standIn.id, options);
    expect(files).toEqual({ id: standIn.id, folder: standIn.folder, isStandIn: false });
    expect(notices).toEqual([]);
  });

  it('takes the real model when the hub answers, and when it is cached', async () => {
    expect(await load({ standIn: true })).toMatchObject({ id, isStandIn: false });
    expect(await load({ ...offline(unreachable), standIn: true })).toMatchObject({ id, isStandIn: false });
  });

  it('never takes one unasked, nor for a model that has none', async () => {
    await expect(load(offline({ TSBERT_OFFLINE: '1' }))).rejects.toMatchObject({
      name: 'HubUnreachableError',
    });
    const other = resolveModel('LaBSE', { ...options, ...offline(unreachable), standIn: true });
    await expect(other).rejects.toMatchObject({ name: 'HubUnreachableError' });
    const misspelt = resolveModel('all-mpnet-base-v22', {
      ...options,
      ...offline(unreachable),
      standIn: true,
    });
    await expect(misspelt).rejects.toThrow(/Did you mean 'all-mpnet-base-v2'/);
  });
});
