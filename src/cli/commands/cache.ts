/** `tsbert cache`: lists the graphs that were made from models, and clears them. */
import { type CachedFolder, listCached, remove } from '../../embeddings/graph/cache/clear-out.ts';
import { cachePlaces, claimPlace, mayRead, type Place } from '../../embeddings/graph/cache/places.ts';
import { type Command, parseFlags, type Terminal, UsageError } from '../support/command.ts';

const help = `
tsbert cache [list]
tsbert cache clear [TEXT]

Lists what was made from models to run them: one folder for each model and precision, with the model's place and
the disk space it takes; weights that are links to the Hugging Face cache take none. clear removes all of it, or
what belongs to models whose place contains TEXT. It is made again when such a model is loaded; the models
themselves are never touched.
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const [action = 'list', text, ...more] = parseFlags(args, {}).positionals;
    if (more.length > 0) throw new UsageError(`One TEXT is expected; '${more[0]}' is one too many.`);
    const places = cachePlaces(undefined, terminal.env);
    if (action === 'clear') return clear(places, text, terminal);
    if (action !== 'list') throw new UsageError(`'${action}' is no action. Choose list or clear.`);
    if (text !== undefined) throw new UsageError(`list takes no arguments, not '${text}'.`);
    return list(places, terminal);
  },
};

async function list(places: readonly Place[], terminal: Terminal): Promise<number> {
  let isEmpty = true;
  for (const place of places) {
    const folders = (await mayRead(place)) ? await listCached(place) : [];
    if (folders.length === 0) continue;
    isEmpty = false;
    terminal.print(`${place.path} (${megabytes(sum(folders))})`);
    for (const folder of folders) terminal.print(`  ${describe(folder)}`);
  }
  if (isEmpty) terminal.print(`Nothing is kept in ${places.map(({ path }) => path).join(', ')}.`);
  return 0;
}

async function clear(
  places: readonly Place[],
  text: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const removed: CachedFolder[] = [];
  for (const place of places) {
    const folders = await listCached(place);
    if (folders.length === 0 || !(await claimPlace(place))) continue;
    for (const folder of folders) {
      if (text !== undefined && !folder.source.includes(text)) continue;
      await remove(folder.path);
      removed.push(folder);
    }
  }
  for (const folder of removed) terminal.print(`Removed ${describe(folder)}`);
  terminal.print(removed.length === 0 ? 'There was nothing to remove.' : `Freed ${megabytes(sum(removed))}.`);
  return 0;
}

function describe({ source, variant, bytes, usedAt }: CachedFolder): string {
  const used = new Date(usedAt).toISOString().slice(0, 10);
  const what = source === '' ? 'of another version of tsbert' : `${variant.padEnd(4)} ${source}`;
  return `${megabytes(bytes).padStart(8)}  used ${used}  ${what}`;
}

function sum(folders: readonly CachedFolder[]): number {
  return folders.reduce((total, { bytes }) => total + bytes, 0);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
