/** The licences of all packages that a bundle holds, with their texts: Help → Licenses shows them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeLicence } from './licence-texts.ts';

/** A package in JupyterLab's licence viewer, field names as it reads them. */
export interface Licence {
  name: string;
  versionInfo: string;
  licenseId: string;
  extractedText: string;
}

/**
 * Collects the licences of bundled files.
 * @param inputs paths of files, as esbuild's metafile names them, relative to `folder`
 * @throws Error for a package whose licence has neither a file nor a text here: it must not be passed on
 */
export async function collectLicences(inputs: readonly string[], folder: string): Promise<Licence[]> {
  const folders = inputs.flatMap(
    (path) => /^(?:[\w-]+:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  const unique = [...new Set(folders.map((at) => at.slice(at.indexOf('node_modules'))))].sort();
  return Promise.all(unique.map((at) => readLicence(join(folder, at))));
}

interface Manifest {
  name: string;
  version: string;
  license?: string | { type?: string };
  author?: string | { name?: string };
}

async function readLicence(folder: string): Promise<Licence> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  const licenseId = typeof license === 'string' ? license : (license?.type ?? '');
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const extractedText = file
    ? await readFile(join(folder, file), 'utf8')
    : writeLicence(licenseId, name, authorOf(manifest));
  return { name, versionInfo: version, licenseId, extractedText };
}

function authorOf({ author }: Manifest): string {
  const name = typeof author === 'string' ? author : (author?.name ?? '');
  return name.replace(/[<(].*$/, '').trim();
}
