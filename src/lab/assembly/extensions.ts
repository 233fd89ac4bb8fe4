/** JupyterLab's extensions among the installed packages, and the settings' schemas that they bring. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** An installed extension. */
export interface Extension {
  name: string;
  version: string;
  folder: string;
  /** Its style sheet's module, below the package. */
  style?: string;
  /** Whether it exports plugins, renderers of MIME types, or both. */
  plugins: boolean;
  mime: boolean;
  schemaFolder?: string;
  /** A theme's style sheet. */
  theme?: string;
}

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  styleModule?: string;
  jupyterlab?: {
    extension?: unknown;
    mimeExtension?: unknown;
    schemaDir?: string;
    themePath?: string;
  };
}

/** Reads a package's manifest. */
export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Every dependency of `folder`'s package.json that ends in `-extension`. */
export async function readExtensions(folder: string): Promise<Extension[]> {
  const { dependencies = {} } = await readManifest(folder);
  const names = Object.keys(dependencies).filter((name) => name.endsWith('-extension'));
  return Promise.all(names.map((name) => readExtension(join(folder, 'node_modules', name))));
}

async function readExtension(folder: string): Promise<Extension> {
  const { name, version, styleModule, jupyterlab = {} } = await readManifest(folder);
  const { extension, mimeExtension, schemaDir, themePath } = jupyterlab;
  return {
    name,
    version,
    folder,
    plugins: Boolean(extension),
    mime: Boolean(mimeExtension),
    ...(styleModule && { style: styleModule }),
    ...(schemaDir && { schemaFolder: join(folder, schemaDir) }),
    ...(themePath && { theme: join(folder, themePath) }),
  };
}

/** The schemas by plugin id, as the server hands them out. */
export async function readSchemas(
  extensions: readonly Extension[],
): Promise<Record<string, { schema: unknown; version: string }>> {
  const schemas: Record<string, { schema: unknown; version: string }> = {};
  for (const { name, version, schemaFolder } of extensions) {
    for (const file of schemaFolder ? await readdir(schemaFolder) : []) {
      const text = await readFile(join(schemaFolder!, file), 'utf8');
      schemas[`${name}:${basename(file, '.json')}`] = { version, schema: JSON.parse(text) };
    }
  }
  return schemas;
}
