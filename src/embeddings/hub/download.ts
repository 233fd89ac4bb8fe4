/** Downloads one file of a repository into the cache's blobs, resumed where it broke off, checked before it gets its name. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadFile } from '@huggingface/hub';
import { DownloadError, type DownloadFault } from './errors.ts';
import {
  type HubContext,
  makeHubFetch,
  NoAnswerError,
  networkReason,
  RangeIgnoredError,
  sleep,
} from './hub-fetch.ts';
import { claimPartial, releasePartial } from './partial.ts';

/** A file as the hub lists it. */
export interface HubFile {
  /** Path in the repository, with `/`. */
  path: string;
  /** Bytes. */
  size: number;
  /** Its name among the blobs, and its hash: the sha256 of a large file, git's sha1 of a small one. */
  etag: string;
}

/** Told while a file arrives: bytes so far, of which `resumed` were there before. */
export interface DownloadListener {
  start(file: HubFile, resumed: number): void;
  advance(received: number): void;
  finish(): void;
}

/** A download that did not go through, before it is known whether it will be tried again. */
class Fault extends Error {
  readonly fault: DownloadFault;
  readonly actual: string | number;

  constructor(fault: DownloadFault, actual: string | number, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
    this.actual = actual;
  }
}

/**
 * Brings a file into the blobs folder, unless it is there.
 *
 * @param commit the commit the file is taken from
 * @returns the blob's path; its size and hash are those the hub announced
 * @throws DownloadError when the file does not arrive whole; the next call goes on with what arrived of it, unless
 * that was wrong
 */
export async function downloadBlob(
  file: HubFile,
  commit: string,
  blobsFolder: string,
  context: HubContext,
  listener: DownloadListener,
): Promise<string> {
  const blob = join(blobsFolder, file.etag);
  if (await isWhole(blob, file)) return blob;
  await mkdir(blobsFolder, { recursive: true });
  const partial = await claimPartial(blobsFolder, file.etag);
  try {
    await fillPartial(partial, file, commit, context, listener);
    await rename(partial, blob);
  } catch (error) {
    await keepOrRemove(partial, file, error);
    throw error instanceof Fault ? downloadError(error, file, context) : error;
  } finally {
    listener.finish();
  }
  return blob;
}

/** Smaller files are compared by their hash, not by their size alone: a damaged one would break every load. */
const SMALL = 1_000_000;

/** Whether a file in the cache is the one that the hub lists. */
export async function isWhole(path: string, file: HubFile): Promise<boolean> {
  if ((await stat(path).catch(() => undefined))?.size !== file.size) return false;
  if (file.size > SMALL) return true;
  const { hash } = emptyState(file);
  return hash.update(await readFile(path)).digest('hex') === file.etag;
}

/** What arrived is worth going on with, unless it is wrong or the disk is full of it. */
async function keepOrRemove(partial: string, file: HubFile, error: unknown): Promise<void> {
  const isWrong = error instanceof Fault && (error.fault === 'hash' || error.fault === 'size');
  const isFull = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
  const size = (await stat(partial).catch(() => undefined))?.size ?? 0;
  if (isWrong || isFull || size === 0) await rm(partial, { force: true });
  else await releasePartial(partial, file.etag);
}

/** Appends to the partial file until it is whole; checks its hash, and starts once more if what was left was wrong. */
async function fillPartial(
  partial: string,
  file: HubFile,
  commit: string,
  context: HubContext,
  listener: DownloadListener,
): Promise<void> {
  const handle = await open(partial, 'a');
  try {
    const state = await resumeState(partial, handle, file);
    let hasForeign = state.received > 0;
    listener.start(file, state.received);
    for (;;) {
      await receiveAll(state, handle, file, commit, context, listener);
      const digest = state.hash.digest('hex');
      if (digest === file.etag) return await handle.sync();
      if (!hasForeign) throw new Fault('hash', digest);
      hasForeign = false;
      await handle.truncate(0);
      Object.assign(state, emptyState(file));
    }
  } finally {
    await handle.close();
  }
}

/** Receives the rest of a file, over several connections where it must be. */
async function receiveAll(
  state: Received,
  handle: FileHandle,
  file: HubFile,
  commit: string,
  context: HubContext,
  listener: DownloadListener,
): Promise<void> {
  let most = state.received;
  for (let attempt = 0; state.received < file.size; attempt++) {
    try {
      await receive(state, handle, file, commit, context, listener);
    } catch (error) {
      // Attempts are counted anew after progress, as huggingface_hub does: a weak connection gets there in the end.
      if (state.received > most) attempt = 0;
      most = Math.max(most, state.received);
      await prepareRetry(error, attempt, state, handle, file, context);
    }
  }
}

/** What has arrived, and the running hash of it. */
interface Received {
  received: number;
  hash: Hash;
}

/** The state of a partial file taken over: its bytes are hashed again, and dropped if there are too many. */
async function resumeState(partial: string, handle: FileHandle, file: HubFile): Promise<Received> {
  const state = emptyState(file);
  const { size } = await handle.stat();
  if (size > file.size) {
    await handle.truncate(0);
    return state;
  }
  if (size > 0) for await (const chunk of createReadStream(partial)) state.hash.update(chunk);
  return { ...state, received: size };
}

function emptyState(file: HubFile): Received {
  const isSha256 = file.etag.length === 64;
  const hash = createHash(isSha256 ? 'sha256' : 'sha1');
  return { received: 0, hash: isSha256 ? hash : hash.update(`blob ${file.size}\0`) };
}

/** Decides whether a failed try is repeated: waits and returns, or throws. */
async function prepareRetry(
  error: unknown,
  attempt: number,
  state: Received,
  handle: FileHandle,
  file: HubFile,
  context: HubContext,
): Promise<void> {
  context.signal?.throwIfAborted();
  const delay = context.patience.retryDelaysMs[attempt];
  if (error instanceof RangeIgnoredError && delay !== undefined) {
    await handle.truncate(0);
    Object.assign(state, emptyState(file));
    return;
  }
  if (error instanceof NoAnswerError) error = new Fault('cut', state.received, error);
  const mayPass = error instanceof Fault && (error.fault === 'cut' || error.fault === 'stalled');
  if (!mayPass || delay === undefined) throw error;
  await sleep(delay, context.signal);
}

/** One connection: writes what comes, from where the file stands, until the announced size is reached. */
async function receive(
  state: Received,
  handle: FileHandle,
  file: HubFile,
  commit: string,
  context: HubContext,
  listener: DownloadListener,
): Promise<void> {
  const { stream, failure } = await openStream(file, state.received, commit, context);
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, context.patience.stallTimeoutMs, state, failure);
      if (done) break;
      if (state.received + value.length > file.size) throw new Fault('size', state.received + value.length);
      await handle.write(value);
      state.hash.update(value);
      state.received += value.length;
      listener.advance(state.received);
    }
  } catch (error) {
    reader.cancel().catch(() => undefined);
    throw error;
  }
  if (state.received < file.size) throw new Fault('cut', state.received);
}

/** Opens the file through the hub client; `failure` tells what the client's stream reports as bare text. */
async function openStream(file: HubFile, offset: number, commit: string, context: HubContext) {
  let thrown: unknown;
  const hubFetch = makeHubFetch(context);
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const blob = await downloadFile({
    repo: context.model,
    path: file.path,
    revision: commit,
    hubUrl: context.endpoint,
    xet: false,
    downloadInfo: {
      url: `${context.endpoint}/${context.model}/resolve/${commit}/${path}`,
      size: file.size,
      etag: file.etag,
    },
    fetch: (input, init) =>
      hubFetch(input, init).catch((error: unknown) => {
        thrown = error;
        throw error;
      }),
  });
  const stream = (offset > 0 ? blob!.slice(offset) : blob!).stream();
  return { stream: stream as ReadableStream<Uint8Array>, failure: () => thrown };
}

/** The next piece; a pause beyond the limit and a broken connection become faults. */
async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limitMs: number,
  state: Received,
  failure: () => unknown,
) {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('stalled', state.received)), limitMs);
  });
  try {
    return await Promise.race([reader.read(), stalled]);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw failure() ?? new Fault('cut', state.received, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The error a user sees: which file, what was wrong with it, what to do. */
function downloadError({ fault, actual, cause }: Fault, file: HubFile, { model }: HubContext): DownloadError {
  const expected = fault === 'hash' ? file.etag : file.size;
  const why = cause === undefined ? '' : ` (${networkReason(cause)})`;
  const what = {
    cut: `ended after ${actual} of ${file.size} bytes${why}`,
    stalled: `stood still after ${actual} of ${file.size} bytes`,
    size: `is longer than the ${file.size} bytes announced`,
    hash: `arrived with the hash ${actual} instead of ${file.etag}`,
  }[fault];
  const remedy =
    fault === 'cut' || fault === 'stalled'
      ? 'Check the connection and load it again: it goes on where it stopped.'
      : 'Load it again; if it stays so, something between here and the hub (a proxy?) changes files.';
  const message = `The download of ${file.path} of '${model}' ${what}; what had arrived is deleted. ${remedy}`;
  return new DownloadError({ model, file: file.path, fault, expected, actual }, message, { cause });
}
