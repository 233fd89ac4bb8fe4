/** Finds the interface, or makes it: installs its packages, bundles them, throws them away. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { thisMachine } from '../../files/user-folders.ts';
import { bundle } from './bundle.ts';
import { checkSources } from './check-sources.ts';
import { installPackages } from './install-packages.ts';
import { APP_SOURCES, cachedInterfaces, fingerprint, PREBUILT } from './places.ts';

/** What making an interface may use and tells. */
export interface AssemblyOptions {
  env: NodeJS.ProcessEnv;
  stop: AbortSignal;
  /** Hears what is being done, a phrase at a time. */
  report(step: string): void;
  /** Checks the types of the page's sources first. @default false */
  checkTypes?: boolean;
}

/** A work folder that is older was left by a process that was killed. */
const ABANDONED_MS = 3_600_000;
/** The file that is written last: a folder that has it is whole. */
const LAST_FILE = 'built.json';

/**
 * The folder of the interface: the prebuilt one of a published package, the one in the user's cache, or a new one.
 * @throws InstallError where packages are needed and cannot be had
 */
export async function findOrAssemble(options: AssemblyOptions): Promise<string> {
  const place = placeOf(options.env);
  if (existsSync(join(place, LAST_FILE))) return place;
  if (place === PREBUILT)
    throw new Error('This installation has no interface. Install tsbert again (npm install tsbert).');
  await assemble(place, dirname(place), options);
  return place;
}

/** Where the interface is, without making it. @returns undefined where it has not been made yet */
export function findBuilt(env: NodeJS.ProcessEnv): string | undefined {
  const place = placeOf(env);
  return existsSync(join(place, LAST_FILE)) ? place : undefined;
}

function placeOf(env: NodeJS.ProcessEnv): string {
  const wanted = fingerprint();
  return wanted === undefined ? PREBUILT : join(cachedInterfaces(thisMachine(env)), wanted);
}

/**
 * Makes the interface at `target`, by way of a work folder in `workplace` that is gone afterwards. Of two processes
 * that make the same at once, the first one's is kept.
 */
export async function assemble(
  target: string,
  workplace: string,
  { env, stop, report, checkTypes = false }: AssemblyOptions,
): Promise<void> {
  await removeAbandoned(workplace);
  const work = join(workplace, `.work-${randomUUID().slice(0, 8)}`);
  const draft = join(workplace, `.work-${randomUUID().slice(0, 8)}`);
  try {
    await mkdir(work, { recursive: true });
    await cp(APP_SOURCES, work, { recursive: true });
    report('installing its packages');
    await installPackages(work, env, stop);
    if (checkTypes) await checkSources(work, stop);
    report('building it');
    await bundle(work, draft);
    await rename(draft, target).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(join(target, LAST_FILE))) throw error;
    });
  } finally {
    for (const folder of [work, draft]) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function removeAbandoned(workplace: string): Promise<void> {
  const names = await readdir(workplace).catch(() => []);
  for (const name of names.filter((one) => one.startsWith('.work-'))) {
    const info = await stat(join(workplace, name)).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > ABANDONED_MS)
      await rm(join(workplace, name), { recursive: true, force: true });
  }
}
