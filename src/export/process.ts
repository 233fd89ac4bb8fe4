/** The program behind guard/guarded.ts: renders the page, tells what it is at, and asks for pictures. */
import { Worker } from 'node:worker_threads';
import type { ImageAnswer, RenderMessage, RenderRequest } from './guard/guarded.ts';
import { isRich } from './guard/units.ts';
import type { ImageReader } from './markup/images.ts';
import { type RenderOptions, renderNotebook } from './render.ts';

type Request = RenderRequest<RenderOptions>;

const tell = (message: RenderMessage) => process.send?.(message);

const waiting = new Map<number, (found: ImageAnswer['found']) => void>();
let images = 0;
const readImage: ImageReader = (path) =>
  new Promise((resolve) => {
    waiting.set(++images, resolve);
    tell({ image: images, path });
  });

process.once('message', ({ notebook, options, readsImages, givenUp, proven, isStrict }: Request) => {
  process.on('message', ({ image, found }: ImageAnswer) => {
    waiting.get(image)?.(found);
    waiting.delete(image);
  });
  const lost = new Set(givenUp);
  const allowed = proven && new Set(proven);
  const units = {
    begin: (unit: string) => tell({ begin: unit }),
    isGivenUp: (unit: string) =>
      lost.has(unit) || (allowed?.has(unit) === false && (isStrict || isRich(unit))),
  };
  renderNotebook(notebook, { ...options, units, ...(readsImages && { readImage }) }).then(
    (page) => tell({ page }),
    (error: unknown) => tell({ error }),
  );
});

/** Work without an end outlives a caller that was killed, unless a thread looks after it. */
const watch = `setInterval(() => {
  try { process.kill(${process.ppid}, 0); } catch { process.kill(process.pid, 'SIGKILL'); }
}, 1000)`;
new Worker(watch, { eval: true }).unref();
