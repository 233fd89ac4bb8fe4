/** Workspaces: which files were open where, so that the page comes back as it was left. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import { HttpError } from '../http/errors.ts';

/** A workspace, field names as in the API. */
export interface WorkspaceModel {
  data: Record<string, unknown>;
  metadata: { id: string; created?: string; last_modified?: string };
}

export class Workspaces {
  readonly #folder: string;

  /** @param folder made at the first change */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<WorkspaceModel[]> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith('.json'));
    const read = await Promise.allSettled(
      names.sort().map((name) => readWorkspace(join(this.#folder, name))),
    );
    return read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  /** An empty one where there is none, or its file is broken: the page then starts afresh. */
  async read(id: string): Promise<WorkspaceModel> {
    const empty = { data: {}, metadata: { id: id.startsWith('/') ? id : `/${id}` } };
    return readWorkspace(this.#fileOf(id)).catch(() => empty);
  }

  async write(id: string, { data, metadata }: Record<string, unknown>): Promise<void> {
    const isWhole = isObject(data) && isObject(metadata) && metadata.id === id;
    if (!isWhole) throw new HttpError(400, 'A workspace needs "data", and "metadata" with its own id.');
    await writeWhole(this.#fileOf(id), JSON.stringify({ data, metadata }));
  }

  remove(id: string): Promise<void> {
    return rm(this.#fileOf(id), { force: true });
  }

  /** The hash keeps names apart that differ in case alone, and any length fits. */
  #fileOf(id: string): string {
    const hash = createHash('sha256').update(id).digest('hex').slice(0, 16);
    return join(this.#folder, `${encodeURIComponent(id).slice(0, 60)}-${hash}.json`);
  }
}

async function readWorkspace(file: string): Promise<WorkspaceModel> {
  const { data, metadata } = JSON.parse(await readFile(file, 'utf8')) as WorkspaceModel;
  const { birthtime, mtime } = await stat(file);
  const times = { created: birthtime.toISOString(), last_modified: mtime.toISOString() };
  return { data, metadata: { ...metadata, ...times } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
