/** The kernel's entry: `node main.js CONNECTION_FILE`, as the kernelspec starts it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseConnectionFile } from '../jupyter/connection-file.ts';
import { notebookPackages } from './compiler/notebook-cells.ts';
import { logToStderr } from './server/log.ts';
import { watchParent } from './server/parent-watch.ts';
import { serveKernel } from './server.ts';

const path = process.argv[2];
if (path === undefined) {
  logToStderr('Usage: node main.js CONNECTION_FILE. Jupyter gives the file when it starts the kernel.');
  process.exit(2);
}
const kernel = await serveKernel(parseConnectionFile(readFileSync(path, 'utf8'), path), {
  cwd: process.cwd(),
  // The package that this kernel is a part of: its library and what that needs are there for every notebook.
  fallbackFrom: fileURLToPath(new URL('../..', import.meta.url)),
  notebook: process.env.JPY_SESSION_NAME,
  warm: notebookPackages(process.env.JPY_SESSION_NAME),
  log: logToStderr,
  env: process.env,
  onEnd: () => process.exit(0),
});
process.on('SIGINT', kernel.interrupt);
process.on('SIGTERM', kernel.shutdown);
watchParent(kernel.shutdown);
