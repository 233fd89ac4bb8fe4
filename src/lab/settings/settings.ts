/** What the user has set in JupyterLab: kept as the text that was typed, one file a plugin. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import { HttpError } from '../http/errors.ts';

/** The schemas of the interface's plugins by id, each with its package's version. */
export type Schemas = Record<string, { schema: unknown; version: string }>;

/** A plugin's setting, field names as in the API. */
export interface SettingModel {
  id: string;
  schema: unknown;
  version: string;
  /** JSON with comments, as the user typed it. The page reads this, and takes `settings` for a hint. */
  raw: string;
  settings: Record<string, unknown>;
  created: string | null;
  last_modified: string | null;
}

export class Settings {
  readonly #schemas: Schemas;
  readonly #folder: string;

  /** @param folder made at the first change */
  constructor(schemas: Schemas, folder: string) {
    this.#schemas = schemas;
    this.#folder = folder;
  }

  get ids(): string[] {
    return Object.keys(this.#schemas);
  }

  list(): Promise<SettingModel[]> {
    return Promise.all(this.ids.map((id) => this.read(id)));
  }

  /** @throws HttpError 404 for a plugin that the interface does not have */
  async read(id: string): Promise<SettingModel> {
    const known = Object.hasOwn(this.#schemas, id) ? this.#schemas[id] : undefined;
    if (!known) throw new HttpError(404, `There is no setting '${id}'.`);
    const file = this.#fileOf(id);
    const raw = await readFile(file, 'utf8').catch(() => undefined);
    const info = raw === undefined ? undefined : await stat(file).catch(() => undefined);
    return {
      id,
      ...known,
      raw: raw ?? '{}',
      settings: parsePlain(raw ?? '{}'),
      created: info?.birthtime.toISOString() ?? null,
      last_modified: info?.mtime.toISOString() ?? null,
    };
  }

  async write(id: string, raw: string): Promise<void> {
    await this.read(id);
    await mkdir(this.#folder, { recursive: true });
    await writeWhole(this.#fileOf(id), raw);
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${encodeURIComponent(id)}.json`);
  }
}

/** @returns nothing where there are comments: the page parses `raw` itself */
function parsePlain(raw: string): Record<string, unknown> {
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return {};
  }
}
