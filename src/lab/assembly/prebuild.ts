/** The program that lays the interface into the package before it is packed: `node dist/lab/assembly/prebuild.js`. */
import { cp, rm } from 'node:fs/promises';
import { findOrAssemble } from './assemble.ts';
import { PREBUILT } from './places.ts';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const report = (step: string) => console.error(`JupyterLab's interface: ${step} …`);
const built = await findOrAssemble({ env: process.env, stop: stop.signal, report, checkTypes: true });
await rm(PREBUILT, { recursive: true, force: true });
await cp(built, PREBUILT, { recursive: true });
