/** Gathers what an interactive page needs: the scripts that the build has bundled, and the models packed. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { findBundled, findStandIn } from '../embeddings/hub/bundled.ts';
import type { PageScripts } from '../export/outputs/page-data.ts';
import { packPageModel } from './pack-page-model.ts';

/**
 * The scripts, and a packed model for each name that the page can answer for: bundled models themselves, and for
 * models of the hub their stand-ins.
 *
 * @param names of a notebook's models
 * @throws {Error} when the package is not built
 */
export async function loadPageScripts(names: readonly string[]): Promise<PageScripts> {
  const found = names.flatMap((name) => {
    const bundled = findBundled(name) ?? findStandIn(name) ?? findStandIn(`sentence-transformers/${name}`);
    return bundled ? [{ name, bundled }] : [];
  });
  const bundled = [...new Set(found.map((one) => one.bundled))];
  const packed = await Promise.all(
    bundled.map(async ({ id, folder }) => [id, Buffer.from(await packPageModel(folder)).toString('base64')]),
  );
  return {
    page: await readBundle('page'),
    worker: await readBundle('worker'),
    models: Object.fromEntries(packed),
    pageModels: Object.fromEntries(found.map(({ name, bundled: { id } }) => [name, id])),
  };
}

function readBundle(name: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`../../dist/playground/${name}.bundle.js`, import.meta.url)), 'utf8');
}
