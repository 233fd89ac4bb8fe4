/**
 * Finds models in the Hugging Face cache (`models--org--name/{blobs,refs,snapshots}`), which Python fills and reads too.
 *
 * Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensorsFile } from '../weights/safetensors.ts';
import { EXPECTED_FILES, type FilePlan, planFiles } from './repository-files.ts';

/** A model's folder in the cache, and what it still lacks. */
export interface CachedSnapshot {
  /** snapshots/<commit> */
  folder: string;
  commit: string;
  /** Files the model cannot do without and the folder lacks, or holds cut; empty when it can be loaded. */
  missing: string[];
}

const commitPattern = /^[0-9a-f]{40}$/;

/** The folder of a model inside the cache. */
export function repositoryFolder(cacheDir: string, id: string): string {
  return join(cacheDir, `models--${id.replace('/', '--')}`);
}

/**
 * Looks up a model's revision in the cache, without asking the hub whether there is a newer one.
 *
 * @param revision a branch or tag (found through refs/), or a commit
 * @returns undefined when the cache knows nothing of that revision
 */
export async function findSnapshot(
  cacheDir: string,
  id: string,
  revision: string,
): Promise<CachedSnapshot | undefined> {
  const repository = repositoryFolder(cacheDir, id);
  const commit = commitPattern.test(revision) ? revision : await readRef(repository, revision);
  if (commit === undefined) return undefined;
  const folder = join(repository, 'snapshots', commit);
  const listing = await listFolder(folder);
  if (listing.length === 0) return undefined;
  const absent = await listFolder(join(repository, '.no_exist', commit));
  const unknown = unknownFiles(listing, absent);
  return { folder, commit, missing: [...new Set([...unknown, ...(await missingFiles(folder))])] };
}

/**
 * What may be on the hub and is not here: a cache that transformers filled has a model's weights and tokenizer, and
 * nothing of what sentence-transformers adds. What the hub does not have is noted by huggingface_hub, and by us.
 */
function unknownFiles(listing: readonly string[], absent: readonly string[]): string[] {
  // A snapshot that was fetched whole has this file, which no model needs.
  if (listing.includes('.gitattributes')) return [];
  const hasSettings = listing.some((file) => /(^|\/)sentence_[\w-]+_config\.json$/.test(file));
  return EXPECTED_FILES.filter((file) => {
    const isThere = listing.includes(file) || absent.includes(file);
    return !isThere && !(file === 'sentence_bert_config.json' && hasSettings);
  });
}

/** The files that a model cannot do without and its folder lacks, or holds cut; empty when it can be loaded. */
export async function missingFiles(folder: string): Promise<string[]> {
  const { files, missing } = await planFolder(folder, await listFolder(folder));
  const weights = files.filter((file) => file.endsWith('.safetensors'));
  const areCut = await Promise.all(weights.map((file) => isCut(join(folder, file))));
  return [...missing, ...weights.filter((_, i) => areCut[i])];
}

/** Whether a weights file is shorter than its header says, as after a copy that was broken off. */
function isCut(file: string): Promise<boolean> {
  return readSafetensorsFile(file).then(
    () => false,
    () => true,
  );
}

/** The ids of all models in the cache that can be loaded from it, sorted. */
export async function cachedModels(cacheDir: string): Promise<string[]> {
  const names = await readdir(cacheDir).catch(() => [] as string[]);
  const ids = names
    .filter((name) => name.startsWith('models--'))
    .map((name) => name.slice('models--'.length).replace('--', '/'));
  const complete = await Promise.all(
    ids.map(async (id) => (await findSnapshot(cacheDir, id, 'main'))?.missing.length === 0),
  );
  return ids.filter((_, i) => complete[i]).sort();
}

async function readRef(repository: string, revision: string): Promise<string | undefined> {
  const text = await readFile(join(repository, 'refs', revision), 'utf8').catch(() => '');
  const commit = text.trim();
  return commitPattern.test(commit) ? commit : undefined;
}

async function planFolder(folder: string, listing: readonly string[]): Promise<FilePlan> {
  const modulesJson = listing.includes('modules.json')
    ? await readFile(join(folder, 'modules.json'), 'utf8')
    : undefined;
  try {
    return planFiles(listing, modulesJson);
  } catch {
    return { files: [], missing: ['modules.json'] };
  }
}

/** Files below a folder whose content is really there (links that lead nowhere are left out), paths with `/`. */
async function listFolder(folder: string, prefix = ''): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return listFolder(path, `${prefix}${entry.name}/`);
      const isFile = (await stat(path).catch(() => undefined))?.isFile() ?? false;
      return isFile ? [prefix + entry.name] : [];
    }),
  );
  return lists.flat();
}
