/** Packs tsbert as npm would publish it and unpacks it into a folder of its own, beside the dependencies a user gets. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const onWindows = process.platform === 'win32';

/** A file of the tarball as `npm pack --json` lists it. */
interface PackedFile {
  path: string;
  size: number;
}

/** A tarball and what it holds. */
export interface Tarball {
  path: string;
  files: PackedFile[];
}

/** Packs what `npm run build` has built. */
export function packPackage(): Tarball {
  const folder = mkdtempSync(join(tmpdir(), 'tsbert-tarball-'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const stdout = execFileSync('npm', args, {
    cwd: root,
    shell: onWindows,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed = JSON.parse(String(stdout)) as { filename: string; files: PackedFile[] }[];
  const [{ filename, files }] = Object.values(packed) as [{ filename: string; files: PackedFile[] }];
  return { path: join(folder, filename), files };
}

/**
 * A user's folder with the unpacked tarball in its node_modules, and links to the packages that package-lock.json has
 * for users (none of the development ones).
 */
export function unpackPackage(tarball: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsbert-user-'));
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  mkdirSync(join(folder, 'node_modules'));
  renameSync(join(folder, 'package'), join(folder, 'node_modules', 'tsbert'));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    const isTop = path.startsWith('node_modules/') && path.lastIndexOf('node_modules/') === 0;
    if (!isTop || dev || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(root, path), join(folder, path), onWindows ? 'junction' : 'dir');
  }
  return folder;
}
