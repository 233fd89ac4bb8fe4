/** The contents API by requests: reading, saving, conflicts, checkpoints, copies, renaming, the trash, uploads, trust. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestLab, type TestLab } from '../lab-server.ts';

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    {
      id: 'a',
      cell_type: 'code',
      source: '1 + 1\n2',
      metadata: {},
      execution_count: 1,
      outputs: [
        {
          output_type: 'execute_result',
          execution_count: 1,
          metadata: {},
          data: { 'text/html': '<b>2</b>' },
        },
      ],
    },
  ],
};

let lab: TestLab;
const text = (name: string) => readFileSync(join(lab.folder, name), 'utf8');
const put = (path: string, body: unknown) => lab.ask('PUT', `/api/contents/${path}`, { body });
const get = async (path: string) => (await lab.ask('GET', `/api/contents/${path}`)).json();

beforeAll(async () => {
  const trash = process.env.XDG_DATA_HOME;
  lab = await startTestLab({
    'a.ipynb': JSON.stringify(NOTEBOOK),
    'plain.txt': 'grüße',
    'sub/b.txt': 'b',
    'latin.txt': '',
  });
  process.env.XDG_DATA_HOME = trash ?? join(lab.stateFolder, 'data');
  writeFileSync(join(lab.folder, 'latin.txt'), Buffer.from([0xe9, 0x0a]));
});
afterAll(async () => {
  delete process.env.XDG_DATA_HOME;
  await lab.close();
});

describe('GET /api/contents', () => {
  it('lists a folder without its hidden files', async () => {
    const { type, content } = await get('');
    const names = (content as { name: string; type: string }[]).map(({ name, type }) => [name, type]).sort();
    expect(type).toBe('directory');
    expect(names).toEqual([
      ['a.ipynb', 'notebook'],
      ['latin.txt', 'file'],
      ['plain.txt', 'file'],
      ['sub', 'directory'],
    ]);
  });

  it('tells text from bytes, and never shows bytes as text', async () => {
    expect(await get('plain.txt')).toMatchObject({
      format: 'text',
      content: 'grüße',
      mimetype: 'text/plain',
    });
    expect(await get('latin.txt')).toMatchObject({ format: 'base64', content: '6Qo=' });
    expect((await lab.ask('GET', '/api/contents/latin.txt?format=text')).status).toBe(400);
  });

  it('gives the hash that was asked for, and no content that was not', async () => {
    const model = await get('sub/b.txt?content=0&hash=1');
    expect(model).toMatchObject({ content: null, hash_algorithm: 'sha256' });
    // sha256sum of 'b'
    expect(model.hash).toBe('3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d');
  });

  it('refuses what is of another type', async () => {
    expect((await lab.ask('GET', '/api/contents/sub?type=file')).status).toBe(400);
    expect((await lab.ask('GET', '/api/contents/plain.txt?type=directory')).status).toBe(400);
    expect((await lab.ask('GET', '/api/contents/plain.txt?type=notebook')).status).toBe(400);
    expect((await lab.ask('GET', '/api/contents/none.txt')).status).toBe(404);
  });
});

describe('PUT /api/contents', () => {
  it('saves a notebook as Jupyter writes it, with a checkpoint, and no draft beside it', async () => {
    const answer = await put('new.ipynb', { type: 'notebook', format: 'json', content: NOTEBOOK });
    expect(answer.status).toBe(201);
    expect(JSON.parse(text('new.ipynb')).cells[0].source).toEqual(['1 + 1\n', '2']);
    expect((await put('new.ipynb', { type: 'notebook', content: NOTEBOOK })).status).toBe(200);
    expect(existsSync(join(lab.folder, '.ipynb_checkpoints', 'new-checkpoint.ipynb'))).toBe(true);
    expect(readdirSync(lab.folder).filter((name) => name.includes('draft'))).toEqual([]);
  });

  it('refuses what is no notebook, and leaves the file as it was', async () => {
    const before = text('a.ipynb');
    const answer = await put('a.ipynb', { type: 'notebook', content: { cells: 'none' } });
    expect(answer.status).toBe(400);
    expect(answer.json().message).toMatch(/a\.ipynb/);
    expect(text('a.ipynb')).toBe(before);
  });

  it('saves through a link inside the folder, and keeps the link', async () => {
    symlinkSync(join(lab.folder, 'plain.txt'), join(lab.folder, 'link.txt'));
    await put('link.txt', { type: 'file', format: 'text', content: 'new' });
    expect(text('plain.txt')).toBe('new');
  });

  it('puts an upload together, and shows nothing of it before it is whole', async () => {
    const part = (chunk: number, content: string) =>
      put('up.bin', {
        type: 'file',
        format: 'base64',
        chunk,
        content: Buffer.from(content).toString('base64'),
      });
    expect((await part(1, 'one ')).json()).toMatchObject({ size: 4 });
    await part(2, 'two ');
    expect(existsSync(join(lab.folder, 'up.bin'))).toBe(false);
    await part(-1, 'three');
    expect(text('up.bin')).toBe('one two three');
    expect((await put('other.bin', { type: 'file', format: 'text', chunk: 2, content: 'x' })).status).toBe(
      400,
    );
  });

  it('saves no file over a folder, and no folder over a file', async () => {
    expect((await put('sub', { type: 'file', format: 'text', content: '' })).status).toBe(400);
    expect((await put('plain.txt', { type: 'directory' })).status).toBe(400);
  });
});

describe('POST, PATCH and DELETE /api/contents', () => {
  const post = async (folder: string, body: unknown) =>
    (await lab.ask('POST', `/api/contents/${folder}`, { body })).json();

  it('chooses free names', async () => {
    expect(await post('sub', { type: 'notebook' })).toMatchObject({ path: 'sub/Untitled.ipynb' });
    expect(await post('sub', { type: 'notebook' })).toMatchObject({ path: 'sub/Untitled1.ipynb' });
    expect(await post('sub', { type: 'directory' })).toMatchObject({ path: 'sub/Untitled Folder' });
    expect(await post('sub', { type: 'directory' })).toMatchObject({ path: 'sub/Untitled Folder 1' });
    expect(await post('sub', { type: 'file', ext: '.md' })).toMatchObject({ path: 'sub/untitled.md' });
    expect(await post('', { copy_from: 'a.ipynb' })).toMatchObject({ path: 'a-Copy1.ipynb' });
    expect(await post('sub', { copy_from: 'a.ipynb' })).toMatchObject({ path: 'sub/a.ipynb' });
  });

  it('renames, with the checkpoint, and never over another file', async () => {
    await lab.ask('POST', '/api/contents/a-Copy1.ipynb/checkpoints');
    const move = (to: string) => lab.ask('PATCH', '/api/contents/a-Copy1.ipynb', { body: { path: to } });
    expect((await move('plain.txt')).status).toBe(409);
    expect((await move('moved.ipynb')).json()).toMatchObject({ path: 'moved.ipynb' });
    expect((await get('moved.ipynb/checkpoints')) as unknown).toHaveLength(1);
    expect((await move('again.ipynb')).status).toBe(404);
  });

  it('restores a checkpoint', async () => {
    const before = text('moved.ipynb');
    writeFileSync(join(lab.folder, 'moved.ipynb'), '{}');
    expect((await lab.ask('POST', '/api/contents/moved.ipynb/checkpoints/checkpoint')).status).toBe(204);
    expect(text('moved.ipynb')).toBe(before);
    expect((await lab.ask('POST', '/api/contents/moved.ipynb/checkpoints/other')).status).toBe(404);
  });

  it.runIf(process.platform === 'linux')(
    'moves what is deleted to the trash, from where it can come back',
    async () => {
      mkdirSync(join(lab.folder, 'gone'));
      writeFileSync(join(lab.folder, 'gone', 'x y.txt'), 'x');
      expect((await lab.ask('DELETE', '/api/contents/gone/x%20y.txt')).status).toBe(204);
      expect(existsSync(join(lab.folder, 'gone', 'x y.txt'))).toBe(false);
      const trash = join(process.env.XDG_DATA_HOME!, 'Trash');
      expect(readFileSync(join(trash, 'files', 'x y.txt'), 'utf8')).toBe('x');
      const info = readFileSync(join(trash, 'info', 'x y.txt.trashinfo'), 'utf8');
      expect(decodeURI(/Path=(.+)/.exec(info)![1]!)).toMatch(/gone\/x y\.txt$/);
      expect((await lab.ask('DELETE', '/api/contents/')).status).toBeGreaterThanOrEqual(400);
      expect(statSync(lab.folder).isDirectory()).toBe(true);
    },
  );
});

describe('notebook trust', () => {
  const trusted = async (path: string) => {
    const { content } = await get(path);
    return (content as typeof NOTEBOOK).cells.map(
      ({ metadata }) => (metadata as { trusted?: boolean }).trusted,
    );
  };
  const saved = (mark?: boolean) => ({
    ...NOTEBOOK,
    cells: NOTEBOOK.cells.map((cell) => ({ ...cell, metadata: mark ? { trusted: true } : {} })),
  });

  it('distrusts a notebook from elsewhere until its person trusts it', async () => {
    expect(await trusted('a.ipynb')).toEqual([false]);
    await put('a.ipynb', { type: 'notebook', content: saved() });
    expect(await trusted('a.ipynb')).toEqual([false]);
    expect((await lab.ask('POST', '/api/contents/a.ipynb/trust')).status).toBe(201);
    expect(await trusted('a.ipynb')).toEqual([true]);
  });

  it('trusts what was run here, writes no mark into the file, and distrusts it once it was changed elsewhere', async () => {
    await put('run.ipynb', { type: 'notebook', content: saved(true) });
    expect(text('run.ipynb')).not.toContain('trusted');
    expect(await trusted('run.ipynb')).toEqual([true]);
    writeFileSync(join(lab.folder, 'run.ipynb'), text('run.ipynb').replace('<b>', '<i>'));
    expect(await trusted('run.ipynb')).toEqual([false]);
  });
});
