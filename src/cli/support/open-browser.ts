/** Opens an address in the person's browser, without showing its token to other users of the machine. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapeHtml } from '../../text/escape-html.ts';
import { findOnPath } from './find-jupyter.ts';

/**
 * Opens a browser where there is one. A program's arguments can be seen by every user of the machine, so it is given a
 * file that only this user can read, which leads on to the address.
 *
 * @returns removes the file; undefined where no browser was started
 */
export async function openBrowser(
  address: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<(() => Promise<void>) | undefined> {
  const opener = findOpener(env, platform);
  if (!opener) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'tsbert-open-'));
  const file = join(folder, 'open.html');
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${escapeHtml(address)}">`;
  await writeFile(file, page, { mode: 0o600 });
  const [command, ...args] = opener;
  const child = spawn(command!, [...args, pathToFileURL(file).href], { stdio: 'ignore', detached: true });
  child.on('error', () => {}); // The address stands in the terminal.
  child.unref();
  return () => rm(folder, { recursive: true, force: true });
}

/** The program that opens addresses; none on a machine without a screen. */
function findOpener(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] | undefined {
  if (env.BROWSER) return [env.BROWSER];
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  const hasScreen = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  return hasScreen && findOnPath('xdg-open', env) ? ['xdg-open'] : undefined;
}
