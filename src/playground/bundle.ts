/** Bundles the scripts of interactive pages when the package is built: one file each, that needs nothing else. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('./', import.meta.url));

await build({
  absWorkingDir: folder,
  entryPoints: { 'page.bundle': 'page.js', 'worker.bundle': 'encoding-worker.js' },
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  // Licences of what is bundled stay in it.
  legalComments: 'eof',
  charset: 'utf8',
  logLevel: 'warning',
});
