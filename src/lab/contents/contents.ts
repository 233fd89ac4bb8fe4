/** Jupyter's contents over one folder: reading, saving whole or not at all, making, renaming, deleting. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import { NotebookFormatError } from '../../jupyter/client/errors.ts';
import { type Notebook, parseNotebook, serializeNotebook } from '../../jupyter/notebook/nbformat.ts';
import { HttpError, notFound } from '../http/errors.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import { createLocate, type Locate } from './locate.ts';
import { type ContentsModel, type ModelRequest, readModel } from './model.ts';
import { moveToTrash } from './trash.ts';
import type { Trust } from './trust.ts';

/** What the page sends to save a file, field names as in the API. */
export interface SaveRequest {
  type?: string;
  format?: string;
  content?: unknown;
  /** A part of an upload: 1, 2, …, and -1 for the last. */
  chunk?: number;
}

/** What the page sends to make a file whose name the server chooses. */
export interface CreateRequest {
  copy_from?: string;
  type?: string;
  ext?: string;
}

/** The files of one folder. */
export interface Contents {
  readonly root: string;
  readonly locate: Locate;
  readonly checkpoints: Checkpoints;
  read(path: string, asked?: ModelRequest): Promise<ContentsModel>;
  /** @returns the model without its content, and whether the file is new */
  save(path: string, request: SaveRequest): Promise<{ model: ContentsModel; isNew: boolean }>;
  create(folder: string, request: CreateRequest): Promise<ContentsModel>;
  move(path: string, to: string): Promise<ContentsModel>;
  remove(path: string): Promise<void>;
  trustNotebook(path: string): Promise<void>;
}

const EMPTY_NOTEBOOK: Notebook = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

/** Serves the files of `folder`. @param trust the user's trusted notebooks */
export function createContents(folder: string, trust: Trust): Contents {
  const { root, locate } = createLocate(folder);
  return new FolderContents(root, locate, trust);
}

class FolderContents implements Contents {
  readonly root: string;
  readonly locate: Locate;
  readonly checkpoints: Checkpoints;
  readonly #trust: Trust;
  /** Parts of uploads that are under way, by path. */
  readonly #uploads = new Map<string, string>();

  constructor(root: string, locate: Locate, trust: Trust) {
    this.root = root;
    this.locate = locate;
    this.#trust = trust;
    this.checkpoints = createCheckpoints(locate);
  }

  read(path: string, asked: ModelRequest = {}): Promise<ContentsModel> {
    return readModel({ locate: this.locate, trust: this.#trust }, path, asked);
  }

  async save(path: string, request: SaveRequest): Promise<{ model: ContentsModel; isNew: boolean }> {
    const file = this.locate(path);
    if (file === this.root) throw new HttpError(400, 'The folder itself cannot be saved.');
    if (!existsSync(dirname(file))) throw notFound(dirname(path));
    const before = await stat(file).catch(() => undefined);
    // Of a new file, the name tells enough.
    const type = request.type ?? (before ? undefined : extname(file) === '.ipynb' ? 'notebook' : 'file');
    if (type !== 'directory' && before?.isDirectory())
      throw new HttpError(400, `${path} is a folder. Choose another name.`);
    if (type === 'directory') await makeFolder(file, path, before?.isFile() === true);
    else if (type === 'notebook') await this.#saveNotebook(path, file, request);
    else if (type === 'file') await this.#saveFile(path, file, request);
    else throw new HttpError(400, 'No file type provided: "file", "notebook" or "directory".');
    const isMidUpload = request.chunk !== undefined && request.chunk !== -1;
    const model = isMidUpload ? await this.#modelOfUpload(path) : await this.read(path, { content: false });
    return { model, isNew: !before };
  }

  async create(folder: string, { copy_from: from, type, ext }: CreateRequest): Promise<ContentsModel> {
    const at = await stat(this.locate(folder)).catch(() => undefined);
    if (!at) throw notFound(folder);
    if (!at.isDirectory()) throw new HttpError(400, `${folder} is a file. New files are made in folders.`);
    if (from !== undefined) return this.#copy(from, folder);
    if (type === 'notebook') return this.#createNamed(folder, 'Untitled', '.ipynb', 'notebook');
    if (type === 'directory') return this.#createNamed(folder, 'Untitled Folder', '', 'directory');
    return this.#createNamed(folder, 'untitled', ext || '', 'file');
  }

  async move(path: string, to: string): Promise<ContentsModel> {
    const [file, target] = [this.locate(path), this.locate(to)];
    if (file === this.root) throw new HttpError(400, 'The folder itself cannot be renamed.');
    if (!existsSync(file)) throw notFound(path);
    const isSame = existsSync(target) && (await isSameFile(file, target));
    if (existsSync(target) && !isSame) throw new HttpError(409, `File already exists: ${to}`);
    await mkdir(dirname(target), { recursive: true });
    await rename(file, target);
    if (file !== target) await this.checkpoints.move(path, to);
    return this.read(to, { content: false });
  }

  async remove(path: string): Promise<void> {
    const file = this.locate(path);
    if (file === this.root) throw new HttpError(400, 'The folder itself cannot be deleted.');
    if (!existsSync(file)) throw notFound(path);
    await moveToTrash(file);
  }

  async trustNotebook(path: string): Promise<void> {
    const { content } = await this.read(path, { type: 'notebook' });
    const notebook = content as Notebook;
    for (const cell of notebook.cells) delete cell.metadata.trusted;
    await this.#trust.sign(notebook);
  }

  async #saveNotebook(path: string, file: string, { content }: SaveRequest): Promise<void> {
    const notebook = readSentNotebook(path, content ?? EMPTY_NOTEBOOK);
    await this.#trust.checkAndSign(notebook);
    await writeWhole(file, serializeNotebook(notebook));
    // As Jupyter: one checkpoint is there from the first save on.
    if ((await this.checkpoints.list(path)).length === 0) await this.checkpoints.create(path);
  }

  async #saveFile(path: string, file: string, { content = '', format, chunk }: SaveRequest): Promise<void> {
    if (typeof content !== 'string') throw new HttpError(400, 'The content of a file must be a text.');
    const bytes = Buffer.from(content, format === 'base64' ? 'base64' : 'utf8');
    if (chunk === undefined) return writeWhole(file, bytes);
    const draft = this.#draftOf(path, file, chunk);
    await appendFile(draft, bytes);
    if (chunk !== -1) return;
    this.#uploads.delete(path);
    await rename(draft, file);
  }

  /** Parts are gathered beside the file: an upload that is cut off leaves the old file as it was. */
  #draftOf(path: string, file: string, chunk: number): string {
    if (chunk === 1) this.#uploads.set(path, join(dirname(file), `.${basename(file)}.${randomUUID()}.draft`));
    const draft = this.#uploads.get(path);
    if (!draft)
      throw new HttpError(400, `The upload of ${path} did not begin with its first part. Upload it again.`);
    return draft;
  }

  async #modelOfUpload(path: string): Promise<ContentsModel> {
    const { size, mtime, birthtime } = await stat(this.#uploads.get(path)!);
    return {
      ...{ name: basename(path), path, type: 'file', size, writable: true, mimetype: null },
      ...{ format: null, content: null, hash: null, hash_algorithm: null },
      created: birthtime.toISOString(),
      last_modified: mtime.toISOString(),
    };
  }

  async #createNamed(folder: string, stem: string, ext: string, type: string): Promise<ContentsModel> {
    const path = this.#freeName(folder, stem, ext, stem.includes(' ') ? ' ' : '');
    const content = type === 'notebook' ? EMPTY_NOTEBOOK : '';
    return (await this.save(path, { type, format: 'text', content })).model;
  }

  async #copy(from: string, folder: string): Promise<ContentsModel> {
    const source = this.locate(from);
    if (!existsSync(source)) throw notFound(from);
    const ext = extname(source);
    const stem = basename(source, ext).replace(/-Copy\d*$/, '');
    const isHere = dirname(source) === this.locate(folder);
    const to =
      isHere || existsSync(this.locate([folder, basename(source)].join('/')))
        ? this.#freeName(folder, `${stem}-Copy`, ext, '', 1)
        : [folder, basename(source)].filter(Boolean).join('/');
    await cp(source, this.locate(to), { recursive: true, errorOnExist: true, force: false });
    return this.read(to, { content: false });
  }

  #freeName(folder: string, stem: string, ext: string, gap: string, first = 0): string {
    for (let n = first; ; n++) {
      const path = [folder, `${stem}${n ? `${gap}${n}` : ''}${ext}`].filter(Boolean).join('/');
      if (!existsSync(this.locate(path))) return path;
    }
  }
}

function readSentNotebook(path: string, content: unknown): Notebook {
  try {
    return parseNotebook(JSON.stringify(content), path);
  } catch (error) {
    if (error instanceof NotebookFormatError) throw new HttpError(400, error.message);
    throw error;
  }
}

async function makeFolder(file: string, path: string, isFile: boolean): Promise<void> {
  if (isFile) throw new HttpError(400, `${path} is a file. Choose another name.`);
  await mkdir(file, { recursive: true });
}

/** On disks that ignore case, `a.ipynb` and `A.ipynb` are one file, and renaming one to the other is right. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = [await stat(a), await stat(b)];
  return one.ino === other.ino && one.dev === other.dev && a.toLowerCase() === b.toLowerCase();
}
