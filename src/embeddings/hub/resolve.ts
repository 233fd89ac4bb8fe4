/** From what a user writes to a folder with a model's files: local, bundled, cached, downloaded, or a stand-in. */
import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { publishNotice } from '../publish.ts';
import { type BundledModel, findBundled, findStandIn } from './bundled.ts';
import { cachedModels, findSnapshot } from './cache.ts';
import { DownloadBars } from './download-bars.ts';
import { type Environment, type HubEnvironment, hubEnvironment, readToken } from './environment.ts';
import {
  DownloadError,
  HubAccessError,
  HubAnswerError,
  HubBusyError,
  HubCacheError,
  HubTokenError,
  HubUnreachableError,
  ModelFolderError,
  ModelNotFoundError,
} from './errors.ts';
import { defaultPatience, type HubPatience, NoAnswerError } from './hub-fetch.ts';
import { hubId, knownModels, nearestName, shortName } from './names.ts';

/** A model's files on this machine. */
export interface ModelFiles {
  /** The name of what is really there: the hub's id, a stand-in's own id, or the folder as it was given. */
  id: string;
  /** Absolute path of a folder in sentence-transformers layout. In the Hugging Face cache its files are links. */
  folder: string;
  isStandIn: boolean;
}

/** Options of {@link resolveModel}. */
export interface ResolveOptions {
  /** Take the bundled stand-in, with a visible notice, when the model is neither cached nor to be had. Default: false. */
  standIn?: boolean | undefined;
  /** A branch, tag or commit on the hub. Default: `main`. */
  revision?: string | undefined;
  /** The Hugging Face cache. Default: as the environment says. */
  cacheDir?: string | undefined;
  /** Ends a download. */
  signal?: AbortSignal | undefined;
  /** Draw a bar for each file downloaded. Default: true, unless `HF_HUB_DISABLE_PROGRESS_BARS` is set. */
  showProgressBar?: boolean | undefined;
  /** Variables to read the settings from. Default: `process.env`. */
  env?: Environment | undefined;
  /** Time limits; see {@link defaultPatience}. */
  patience?: Partial<HubPatience> | undefined;
}

/** A name of the hub with everything that was decided about it. */
interface Request {
  id: string;
  revision: string;
  hub: HubEnvironment;
  standIn: BundledModel | undefined;
  options: ResolveOptions;
}

/**
 * Finds a model's files, downloading them when they are not on this machine.
 *
 * In this order: an existing folder; a bundled model's own id; the Hugging Face cache (not compared with the hub); the
 * hub; with `standIn`, the bundled stand-in. With `TSBERT_OFFLINE=1`, `standIn` takes the stand-in at once.
 *
 * @param nameOrFolder `name` (of sentence-transformers), `org/name`, or a folder's path
 * @throws ModelNameError, ModelFolderError, ModelNotFoundError, HubUnreachableError, HubAccessError, HubBusyError,
 * HubAnswerError, HubTokenError, HubCacheError, DownloadError, UnusableRepositoryError
 * @example
 * const { folder } = await resolveModel('all-mpnet-base-v2', { standIn: true });
 */
export async function resolveModel(nameOrFolder: string, options: ResolveOptions = {}): Promise<ModelFiles> {
  const local = await findFolder(nameOrFolder);
  if (local !== undefined) return { id: nameOrFolder, folder: local, isStandIn: false };

  const id = hubId(nameOrFolder);
  const bundled = findBundled(id);
  if (bundled !== undefined) return { id, folder: await bundledFolder(bundled), isStandIn: false };

  const hub = hubEnvironment(options.env);
  if (options.cacheDir !== undefined) hub.cacheDir = resolve(options.cacheDir);
  const standIn = options.standIn ? findStandIn(id) : undefined;
  const request = { id, revision: checkRevision(options.revision ?? 'main'), hub, standIn, options };
  if (standIn !== undefined && hub.standInsOnly) return takeStandIn(standIn, id, 'TSBERT_OFFLINE is set');
  return findCachedOrDownload(request);
}

/** The absolute path of a folder, when the text names one: as a path (absolute, `./`, `../`) or by being there. */
async function findFolder(text: unknown): Promise<string | undefined> {
  if (typeof text !== 'string' || text === '') return undefined;
  const isPath = isAbsolute(text) || /^\.\.?($|[\\/])/.test(text);
  const found = await stat(text).catch(() => undefined);
  if (found?.isDirectory()) return resolve(text);
  if (!isPath) return undefined;
  const what = found === undefined ? 'There is no folder' : 'This is a file, not a folder:';
  throw new ModelFolderError(
    text,
    `${what} ${resolve(text)}. Give the folder that holds the model's modules.json and config.json.`,
  );
}

function checkRevision(revision: string): string {
  if (/^[\w.-]+(\/[\w.-]+)*$/.test(revision) && !revision.split('/').includes('..')) return revision;
  throw new RangeError(
    `${JSON.stringify(revision)} is no revision: give a branch, a tag or a commit of the model's repository.`,
  );
}

async function findCachedOrDownload(request: Request): Promise<ModelFiles> {
  const { id, revision, hub, standIn } = request;
  const cached = await findSnapshot(hub.cacheDir, id, revision);
  if (cached?.missing.length === 0) return { id, folder: cached.folder, isStandIn: false };
  try {
    if (standIn !== undefined) throwIfSilent(hub.endpoint);
    if (hub.offline) throw new NoAnswerError('HF_HUB_OFFLINE or TSBERT_OFFLINE forbids asking it');
    return { id, folder: await download(request), isStandIn: false };
  } catch (error) {
    if (error instanceof NoAnswerError && error.timedOut)
      silentHubs.set(hub.endpoint, { error, at: Date.now() });
    if (standIn !== undefined && isOutsideTheModel(error, revision))
      return takeStandIn(standIn, id, reasonOf(error));
    throw await explain(error, request, cached?.missing);
  }
}

/** Hubs that stayed silent: a notebook that loads several stand-ins waits for the first one only. */
const silentHubs = new Map<string, { error: NoAnswerError; at: number }>();

/** How long a silent hub is not asked again on behalf of a stand-in. */
const SILENCE_MS = 60_000;

function throwIfSilent(endpoint: string): void {
  const silent = silentHubs.get(endpoint);
  if (silent !== undefined && Date.now() - silent.at < SILENCE_MS) throw silent.error;
}

async function download({ id, revision, hub, options }: Request): Promise<string> {
  const { signal, env = process.env } = options;
  const context = {
    model: id,
    revision,
    endpoint: hub.endpoint,
    token: await readToken(hub),
    login: hub.login,
    patience: { ...defaultPatience, ...options.patience },
    signal,
  };
  const showBars =
    options.showProgressBar ?? !/^(1|on|yes|true)$/i.test(env.HF_HUB_DISABLE_PROGRESS_BARS ?? '');
  // The hub client is loaded only when something is downloaded: it takes longer than the rest of the library.
  const { downloadSnapshot } = await import('./snapshot.ts');
  try {
    return await downloadSnapshot(hub.cacheDir, context, new DownloadBars(showBars));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isSystems = typeof code === 'string' && /^E[A-Z]+$/.test(code) && !(error instanceof NoAnswerError);
    throw isSystems ? new HubCacheError(hub.cacheDir, code, error) : error;
  }
}

const OUTSIDE = [
  NoAnswerError,
  HubAnswerError,
  HubBusyError,
  HubAccessError,
  HubTokenError,
  HubCacheError,
  DownloadError,
];

/**
 * Whether the model cannot be had for a reason that is not its own: the network, the hub, a token, the disk. Models
 * with a stand-in are there for everybody; a hub that does not know one is a mirror without it.
 */
function isOutsideTheModel(error: unknown, revision: string): boolean {
  if (error instanceof ModelNotFoundError) return revision === 'main';
  return OUTSIDE.some((kind) => error instanceof kind);
}

function reasonOf(error: unknown): string {
  return error instanceof NoAnswerError
    ? `the hub cannot be reached: ${error.message}`
    : (error as Error).message;
}

async function takeStandIn(standIn: BundledModel, id: string, reason: string): Promise<ModelFiles> {
  const folder = await bundledFolder(standIn);
  publishNotice(
    `Stand-in: '${standIn.id}' is loaded in place of '${id}' (${reason.replace(/\.$/, '')}).\nIt is a small model that comes with tsbert; its numbers are its own, not those of '${shortName(id)}'.`,
  );
  return { id: standIn.id, folder, isStandIn: true };
}

async function bundledFolder({ id, folder }: BundledModel): Promise<string> {
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  throw new ModelFolderError(
    folder,
    `The bundled model '${id}' is not at ${folder}: install the package tsbert again.`,
  );
}

/** Adds to an error what the user can do: the nearest known name, the cache's place, the stand-in. */
async function explain(error: unknown, request: Request, missing: readonly string[] = []): Promise<unknown> {
  const { id, revision, hub } = request;
  const nearest = nearestName(id, [...knownModels, ...(await cachedModels(hub.cacheDir))]);
  const isKnown = knownModels.includes(id);
  const suggestion = isKnown || nearest === undefined ? '' : ` Did you mean '${shortName(nearest)}'?`;
  if (error instanceof ModelNotFoundError) {
    const otherwise = suggestion || ' Check the name and the revision; a private model needs HF_TOKEN.';
    return new ModelNotFoundError(id, revision, error.message + otherwise, nearest);
  }
  if (error instanceof HubAccessError)
    return new HubAccessError(id, error.status, error.message + suggestion);
  if (!(error instanceof NoAnswerError)) return error;
  const state =
    missing.length > 0
      ? `only partly in the cache (${missing.join(', ')} missing or cut)`
      : 'not in the cache';
  const message = `'${id}' is ${state} at ${hub.cacheDir}, and the hub at ${hub.endpoint} cannot be reached (${error.message}).${suggestion} ${remedies(request)}`;
  return new HubUnreachableError(id, hub.endpoint, error.message, message, { cause: error });
}

function remedies({ id, options }: Request): string {
  const standIn = findStandIn(id);
  const offer =
    standIn !== undefined && !options.standIn
      ? `pass { standIn: true } to work with the small bundled '${standIn.id}'; or `
      : '';
  return `Remedy: ${offer}connect and load it again; or give a local folder; or fill the cache on a connected machine (\`hf download ${id}\`) and copy it here.`;
}
