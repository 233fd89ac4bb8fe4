/** `tsbert export`: turns a notebook file into one HTML page. */
import { basename, dirname, extname, join, resolve } from 'node:path';
import { exportHtml } from '../../export/html.ts';
import { imagesBeside } from '../../export/markup/images-beside.ts';
import { heatmapModels } from '../../export/outputs/interactive.ts';
import type { PageScripts } from '../../export/outputs/page-data.ts';
import { checkTarget, isSameFile } from '../../files/check-target.ts';
import { writeWhole } from '../../files/write-file.ts';
import { type Notebook, parseNotebook } from '../../jupyter/notebook/nbformat.ts';
import { loadPageScripts } from '../../playground/load-page-scripts.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { readNotebookFile } from '../support/notebook-file.ts';

const help = `
tsbert export NOTEBOOK [flags]

Writes a notebook as one HTML file that needs no network: readable in light and dark, on paper and by
screen readers. Its cells are not run; pictures beside the notebook are taken into the page.

  --output FILE    write the page there, not beside the notebook; - writes to standard output
  --live           make the charts interactive (adds about 400 KB)
  --interactive    let readers change the sentences of heatmaps: the page computes, alone and offline, with the small
                   models that come with tsbert (adds about 6 MB for one model, 11 MB for two)
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
      interactive: { type: 'boolean', default: false },
      'no-code': { type: 'boolean', default: false },
      title: { type: 'string' },
    });
    const name = onlyArgument(positionals, 'NOTEBOOK');
    const path = resolve(terminal.cwd, name);
    const output = values.output ?? join(dirname(name), `${basename(name, extname(name))}.html`);
    const { text, savedAt } = await readNotebookFile(path, name);
    await checkOutput(output, path, terminal);
    const notebook = parseNotebook(text, name);
    const page = await exportHtml(notebook, {
      ...(values.interactive && { interactive: await loadScripts(notebook, name) }),
      live: values.live,
      code: !values['no-code'],
      date: savedAt,
      fallbackTitle: basename(name, extname(name)),
      readImage: imagesBeside(path),
      signal: terminal.interrupted,
      ...(values.title !== undefined && { title: values.title }),
    });
    await writePage(page, output, terminal);
    return 0;
  },
};

/** The scripts and models for a notebook's heatmaps. */
async function loadScripts(notebook: Notebook, name: string): Promise<PageScripts> {
  const scripts = await loadPageScripts(heatmapModels(notebook));
  if (Object.keys(scripts.pageModels).length > 0) return scripts;
  throw new UsageError(
    `${name} shows no heatmap that a page can make again: run its cells with this version of tsbert, and with ` +
      'models that come with it or have a stand-in.',
  );
}

/** What cannot be written is refused before the work. */
async function checkOutput(output: string, notebook: string, { cwd }: Terminal): Promise<void> {
  if (output === '-') return;
  if (await isSameFile(resolve(cwd, output), notebook)) {
    throw new UsageError(`--output '${output}' is the notebook itself. Name another file.`);
  }
  await checkTarget(resolve(cwd, output));
}

async function writePage(page: string, output: string, terminal: Terminal): Promise<void> {
  if (output === '-') {
    terminal.print(page);
    return;
  }
  await writeWhole(resolve(terminal.cwd, output), page);
  terminal.print(`Wrote ${output} (${Math.ceil(Buffer.byteLength(page) / 1000).toLocaleString('en')} KB)`);
}
