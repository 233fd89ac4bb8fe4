/** Where the interface's sources, its prebuilt form and its cached form lie. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, type Machine } from '../../files/user-folders.ts';

/** The package's own folder: the same distance from src/ and from dist/. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/** The page's sources and the list of its packages; only in a clone. */
export const APP_SOURCES: string = join(PACKAGE, 'src', 'lab', 'app');

/** The interface that a published package brings along. */
export const PREBUILT: string = join(PACKAGE, 'interface');

/** Where interfaces that were built here are kept, each in a folder named by its fingerprint. */
export function cachedInterfaces(machine?: Machine): string {
  return join(cacheFolder(machine), 'tsbert', 'lab');
}

/**
 * What an interface is made of (the page's sources, its packages, the assembly), as one hash.
 * @returns undefined where there are no sources: an installed package
 */
export function fingerprint(): string | undefined {
  if (!existsSync(join(APP_SOURCES, 'package-lock.json'))) return undefined;
  const hash = createHash('sha256');
  for (const folder of [APP_SOURCES, join(PACKAGE, 'src', 'lab', 'assembly')]) {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // Git may write line ends as the system has them.
      hash.update(`${name}\0${readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')}\0`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
