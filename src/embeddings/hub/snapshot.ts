/** Downloads a model into the Hugging Face cache, in the layout Python's huggingface_hub reads and writes. */
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { listFiles, modelInfo } from '@huggingface/hub';
import { placeWhole, writeWhole } from '../../files/write-file.ts';
import { repositoryFolder } from './cache.ts';
import { type DownloadListener, downloadBlob, type HubFile, isWhole } from './download.ts';
import { HubAnswerError, UnusableRepositoryError } from './errors.ts';
import { type HubContext, makeApiFetch } from './hub-fetch.ts';
import { EXPECTED_FILES, type FilePlan, planFiles } from './repository-files.ts';

/**
 * Fetches what a sentence-transformers model needs and is not in the cache yet.
 *
 * The revision's name is written (refs/) when every file is there: an interrupted download is never taken for a model.
 *
 * @returns the snapshot's folder; its files are links to blobs, or copies where links are not allowed
 * @throws NoAnswerError, DownloadError, UnusableRepositoryError and what {@link makeApiFetch} throws
 */
export async function downloadSnapshot(
  cacheDir: string,
  context: HubContext,
  listener: DownloadListener,
): Promise<string> {
  const repository = repositoryFolder(cacheDir, context.model);
  const commit = await findCommit(context);
  const files = await listRepository(commit, context);
  const folder = join(repository, 'snapshots', commit);
  const bring = (path: string) => bringFile(files.get(path)!, commit, repository, context, listener);

  const hasModules = files.has('modules.json');
  if (hasModules) await bring('modules.json');
  const modulesJson = hasModules ? await readFile(join(folder, 'modules.json'), 'utf8') : undefined;
  const plan = readPlan([...files.keys()], modulesJson, context.model);
  if (plan.missing.length > 0) throw unusable(context.model, plan.missing, [...files.keys()]);
  for (const path of plan.files) await bring(path);
  await noteAbsent(
    repository,
    commit,
    EXPECTED_FILES.filter((path) => !files.has(path)),
  );
  if (context.revision !== commit) await writeRef(repository, context.revision, commit);
  return folder;
}

function readPlan(listing: readonly string[], modulesJson: string | undefined, model: string): FilePlan {
  try {
    return planFiles(listing, modulesJson);
  } catch {
    const problem = `modules.json of '${model}' on the hub is no list of modules. Choose another revision or model.`;
    throw new UnusableRepositoryError(model, ['modules.json'], problem);
  }
}

/** Notes, as huggingface_hub does, what a commit does not have: so that it is not looked for again. */
async function noteAbsent(repository: string, commit: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const note = join(repository, '.no_exist', commit, ...path.split('/'));
    await mkdir(dirname(note), { recursive: true });
    await writeFile(note, '');
  }
}

/** The commit a branch or tag stands at. */
async function findCommit(context: HubContext): Promise<string> {
  const { model, revision, endpoint } = context;
  const info = await readAnswer(context, () =>
    modelInfo({
      name: model,
      revision,
      hubUrl: endpoint,
      additionalFields: ['sha'],
      fetch: makeApiFetch(context),
    }),
  );
  if (/^[0-9a-f]{40}$/.test(info.sha ?? '')) return info.sha;
  throw notTheHub(endpoint);
}

/** All files of a commit by path. Names that would lead out of the cache's folder are refused. */
async function listRepository(commit: string, context: HubContext): Promise<Map<string, HubFile>> {
  const files = new Map<string, HubFile>();
  const listing = listFiles({
    repo: context.model,
    revision: commit,
    recursive: true,
    hubUrl: context.endpoint,
    fetch: makeApiFetch(context),
  });
  await readAnswer(context, async () => {
    for await (const { type, path, size, oid, lfs } of listing) {
      const etag = lfs?.oid ?? oid;
      if (type === 'file' && isInside(path) && etag !== undefined && /^[0-9a-f]{40,64}$/.test(etag)) {
        files.set(path, { path, size: lfs?.size ?? size, etag });
      }
    }
  });
  return files;
}

function isInside(path: string): boolean {
  return !/^\/|\\|:/.test(path) && !path.split('/').includes('..');
}

/** Runs a request of the client; what it cannot make sense of did not come from a hub. */
async function readAnswer<T>({ endpoint }: HubContext, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof TypeError && error.name === 'TypeError')) {
      throw notTheHub(endpoint, error);
    }
    throw error;
  }
}

function notTheHub(endpoint: string, cause?: unknown): HubAnswerError {
  return new HubAnswerError(
    endpoint,
    `${endpoint} does not answer as a hub does: check HF_ENDPOINT, or what stands between here and it.`,
    { cause },
  );
}

/** Downloads a file's blob and links it into the snapshot. */
async function bringFile(
  file: HubFile,
  commit: string,
  repository: string,
  context: HubContext,
  listener: DownloadListener,
): Promise<void> {
  const pointer = join(repository, 'snapshots', commit, ...file.path.split('/'));
  if (await isWhole(pointer, file)) return;
  const blob = await downloadBlob(file, commit, join(repository, 'blobs'), context, listener);
  await linkBlob(blob, pointer);
}

/** Makes `pointer` a relative link to the blob in one step; a copy where links are not allowed (Windows). */
async function linkBlob(blob: string, pointer: string): Promise<void> {
  await placeWhole(pointer, (draft) =>
    symlink(relative(dirname(pointer), blob), draft).catch(() => copyFile(blob, draft)),
  );
}

/** Writes refs/<revision> in one step. */
async function writeRef(repository: string, revision: string, commit: string): Promise<void> {
  await writeWhole(join(repository, 'refs', ...revision.split('/')), commit);
}

function unusable(
  model: string,
  missing: readonly string[],
  listing: readonly string[],
): UnusableRepositoryError {
  const pickled = listing.filter((path) => path.endsWith('pytorch_model.bin'));
  const lacks = `'${model}' has no ${missing.join(', ')} on the hub`;
  const remedy =
    pickled.length > 0
      ? `its weights are only in ${pickled[0]}, which is pickled Python and is not read here. Save it once with Python's \`SentenceTransformer('${model}').save('folder')\`, which writes model.safetensors, and load that folder; or take another revision.`
      : 'it is not a complete sentence-transformers model. Choose another model.';
  return new UnusableRepositoryError(model, missing, `${lacks}: ${remedy}`);
}
