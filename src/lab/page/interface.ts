/** The built interface: a folder with JupyterLab's assets, its plugins' schemas and its licences. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schemas } from '../settings/settings.ts';

/** An interface that is ready to be served. */
export interface Interface {
  /** Holds `static/`, `themes/`, `licenses.json`, `logo.svg`. */
  folder: string;
  /** JupyterLab's version. */
  version: string;
  schemas: Schemas;
}

/** Reads a built interface. @param folder as the assembly makes it */
export async function readInterface(folder: string): Promise<Interface> {
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown;
  const schemas = (await read('settings.json')) as Schemas;
  const { jupyterlab } = (await read('built.json')) as { jupyterlab: string };
  return { folder, version: jupyterlab, schemas };
}
