/** Bundles the page's script, its styles and the themes out of installed packages. */
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { extensionsModule, namedImports, pictures, styleSheets, withoutMermaid } from './bundler-plugins.ts';
import type { Esbuild } from './esbuild.ts';
import { type Extension, readExtensions, readManifest, readSchemas } from './extensions.ts';
import { collectLicences } from './licences.ts';

/** Files smaller than this gain nothing from compression. */
const COMPRESS_FROM = 1024;
/** A dozen times faster than the highest, and 4 % larger. */
const BROTLI_QUALITY = 9;

const FONT_FILES = { '.woff2': 'file', '.woff': 'file', '.ttf': 'file', '.png': 'file', '.gif': 'file' };
const FONTS_INSIDE = { '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl', '.png': 'dataurl' };

/**
 * Makes an interface.
 * @param folder - holds the page's sources, with their packages installed
 * @param out - made anew: `static/`, `themes/`, `settings.json`, `licenses.json`, `built.json`
 */
export async function bundle(folder: string, out: string): Promise<void> {
  const { build } = createRequire(join(folder, 'package.json'))('esbuild') as Esbuild;
  const extensions = await readExtensions(folder);
  await rm(out, { recursive: true, force: true });
  const inputs = await bundleScript(build, folder, out, extensions);
  await bundleThemes(build, folder, out, extensions);
  await copyFile(join(folder, 'logo.svg'), join(out, 'static', 'main.logo.svg'));
  const packages = await collectLicences(inputs, folder);
  const write = (name: string, value: unknown) => writeFile(join(out, name), JSON.stringify(value));
  await write('licenses.json', { bundles: { JupyterLab: { packages } } });
  await write('settings.json', await readSchemas(extensions));
  const { version } = await readManifest(join(folder, 'node_modules', '@jupyterlab', 'application'));
  for (const part of ['static', 'themes']) await compressFiles(join(out, part));
  await write('built.json', { jupyterlab: version });
}

/** @returns the bundled files */
async function bundleScript(
  build: Esbuild['build'],
  folder: string,
  out: string,
  extensions: readonly Extension[],
): Promise<string[]> {
  const { metafile } = await build({
    ...shared(folder),
    plugins: [
      extensionsModule(extensions, folder),
      styleSheets,
      namedImports(folder),
      withoutMermaid,
      pictures,
    ],
    entryPoints: { main: join(folder, 'main.ts') },
    outdir: join(out, 'static'),
    metafile: true,
    entryNames: '[name]',
    chunkNames: '[hash]',
    assetNames: '[hash]',
    format: 'esm',
    splitting: true,
    target: 'es2022',
    loader: { ...FONT_FILES, '.md': 'text', '.txt': 'text' },
    alias: { path: 'path-browserify' },
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env': '{}',
      process: 'undefined',
      global: 'globalThis',
      __dirname: '"/"',
    },
  });
  return Object.keys(metafile?.inputs ?? {});
}

async function bundleThemes(
  build: Esbuild['build'],
  folder: string,
  out: string,
  extensions: readonly Extension[],
): Promise<void> {
  for (const { name, theme } of extensions) {
    if (!theme) continue;
    const outfile = join(out, 'themes', name, 'index.css');
    const plugins = [styleSheets, pictures];
    await build({ ...shared(folder), plugins, entryPoints: [theme], outfile, loader: FONTS_INSIDE });
  }
}

function shared(folder: string) {
  return { bundle: true, minify: true, logLevel: 'error', legalComments: 'none', absWorkingDir: folder };
}

/** Once here rather than at each request; the plain form is not kept. */
async function compressFiles(folder: string): Promise<void> {
  const compress = promisify(brotliCompress);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.(js|css)$/.test(entry.name)) continue;
    const text = await readFile(file);
    if (text.length < COMPRESS_FROM) continue;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    };
    await writeFile(`${file}.br`, await compress(text, { params }));
    await rm(file);
  }
}
