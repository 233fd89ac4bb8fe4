/** `tsbert export`: turns a notebook file into one HTML page. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { exportHtml } from '../export/html.ts';
import type { ImageReader } from '../export/images.ts';
import { parseNotebook } from '../notebook/nbformat.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from './command.ts';
import { writeWhole } from './write-file.ts';

/** Larger notebooks cannot be held as one text by Node. */
const MAX_NOTEBOOK = 500_000_000;
const MAX_IMAGE = 10_000_000;

const help = `
tsbert export NOTEBOOK [flags]

Writes a notebook as one HTML file that needs no network: readable in light and dark, on paper and by
screen readers. Its cells are not run; pictures beside the notebook are taken into the page.

  --output FILE    write the page there, not beside the notebook; - writes to standard output
  --live           make the charts interactive (adds about 400 KB)
  --no-code        leave out the code of the cells
  --title TEXT     the page's title, not the notebook's first heading
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      output: { type: 'string' },
      live: { type: 'boolean', default: false },
      'no-code': { type: 'boolean', default: false },
      title: { type: 'string' },
    });
    const name = onlyArgument(positionals, 'NOTEBOOK');
    const path = resolve(terminal.cwd, name);
    const output = values.output ?? join(dirname(name), `${basename(name, extname(name))}.html`);
    if (resolve(terminal.cwd, output) === path) {
      throw new UsageError(`--output '${output}' is the notebook itself. Name another file.`);
    }
    const { text, savedAt } = await readNotebookFile(path, name);
    const page = await exportHtml(parseNotebook(text, name), {
      live: values.live,
      code: !values['no-code'],
      date: savedAt,
      readImage: imagesBeside(path),
      ...(values.title !== undefined && { title: values.title }),
    });
    await writePage(page, output, terminal);
    return 0;
  },
};

async function writePage(page: string, output: string, terminal: Terminal): Promise<void> {
  if (output === '-') {
    terminal.print(page);
    return;
  }
  await writeWhole(resolve(terminal.cwd, output), page);
  terminal.print(`Wrote ${output} (${Math.ceil(Buffer.byteLength(page) / 1000).toLocaleString('en')} KB)`);
}

/** The notebook's text and when it was last saved. */
async function readNotebookFile(path: string, name: string): Promise<{ text: string; savedAt: Date }> {
  try {
    const { size, mtime } = await stat(path);
    if (size > MAX_NOTEBOOK) {
      throw new Error(
        `${name} has ${Math.round(size / 1e6)} MB; up to ${MAX_NOTEBOOK / 1e6} MB can be read. Clear some outputs.`,
      );
    }
    return { text: await readFile(path, 'utf8'), savedAt: mtime };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`There is no file ${name}. Name an existing notebook (.ipynb).`);
    if (code === 'EISDIR') throw new Error(`${name} is a folder. Name a notebook (.ipynb) in it.`);
    throw error;
  }
}

const IMAGE_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
};

/**
 * Reads pictures in the notebook's folder and below it. A notebook from somebody else must not carry other
 * files off in a page, so what lies outside, also by a symbolic link, is not read.
 */
function imagesBeside(notebookPath: string): ImageReader {
  return async (path) => {
    const mime = IMAGE_TYPES[extname(path.split(/[?#]/)[0]!).toLowerCase()];
    if (!mime) return undefined;
    try {
      const folder = await realpath(dirname(notebookPath));
      const file = await realpath(resolve(folder, path.split(/[?#]/)[0]!));
      const inside = relative(folder, file);
      if (isAbsolute(inside) || inside.split(sep)[0] === '..') return undefined;
      if ((await stat(file)).size > MAX_IMAGE) return undefined;
      return { mime, base64: (await readFile(file)).toString('base64') };
    } catch {
      return undefined;
    }
  };
}
