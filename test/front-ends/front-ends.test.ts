/** The activity in real, unmodified front ends, with a learner's hands; screenshots are left in test-artifacts. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKernelSpec } from '../../src/jupyter/kernelspec.ts';
import type { CodeCell } from '../../src/jupyter/notebook/nbformat.ts';
import { chromiumArgs, findChromium, findJupyter } from '../support/find-tools.ts';
import { type JupyterServer, startJupyterServer } from '../support/jupyter-server.ts';
import { NotebookPage } from '../support/notebook-page.ts';

const jupyter = findJupyter();
const chromiumTool = findChromium();
const missing = jupyter.reason ?? chromiumTool.reason;
if (missing) console.log(`The front ends are not driven: ${missing}`);

const artifacts = join(import.meta.dirname, '..', '..', 'test-artifacts');
/** What belongs into the blanks, in their order. */
const FILLED = [
  "'bert-base-nli-mean-tokens'",
  'await model.encode(sentences)',
  'cosSim(row(embeddings, i), rowsFrom(embeddings, i))',
  "'all-mpnet-base-v2'",
];

const LONG_WORK = `import { SentenceTransformer } from 'tsbert';
const mini = await SentenceTransformer.load('tsbert/mini-mpnet');
await mini.encode(Array.from({ length: 600 }, (_, i) => 'sentence number ' + i), { showProgressBar: true });
'encoded'`;

describe.runIf(!missing)('a learner in a browser', () => {
  let folder: string;
  let server: JupyterServer;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tsbert-front-ends-'));
    mkdirSync(artifacts, { recursive: true });
    const notebooks = join(import.meta.dirname, '..', '..', 'notebooks');
    cpSync(join(notebooks, 'activity.ipynb'), join(folder, 'activity.ipynb'));
    await writeKernelSpec(join(folder, 'data', 'kernels'));
    process.env.TSBERT_OFFLINE = '1';
    server = await startJupyterServer(jupyter.path ?? '', folder, join(folder, 'data'));
    browser = await chromium.launch({ executablePath: chromiumTool.path, args: chromiumArgs });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(frontEnd: 'lab' | 'notebooks'): Promise<NotebookPage> {
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
    await page.goto(server.page(frontEnd, 'activity.ipynb'));
    const notebook = new NotebookPage(page);
    await notebook.ready();
    await notebook.focus();
    return notebook;
  }

  const codeCells = () =>
    (JSON.parse(readFileSync(join(folder, 'activity.ipynb'), 'utf8')).cells as CodeCell[])
      .map((cell, index) => ({ index, type: cell.cell_type, source: [cell.source].flat().join('') }))
      .filter((cell) => cell.type === 'code');

  /** Fills in the blanks in their order and runs every code cell, collecting what each shows. */
  async function workThrough(notebook: NotebookPage): Promise<Map<number, string>> {
    const outputs = new Map<number, string>();
    let blank = 0;
    for (const { index, source } of codeCells()) {
      await notebook.goTo(index);
      if (/\b____\b(?!,)/.test(source)) {
        await notebook.replaceSource(source.replace('____', FILLED[blank++]!));
      }
      await notebook.run();
      outputs.set(index, await notebook.outputText());
    }
    return outputs;
  }

  const screenshot = (page: Page, name: string) => page.screenshot({ path: join(artifacts, `${name}.png`) });
  const cellWith = (text: string) => codeCells().find(({ source }) => source.includes(text))!.index;
  const heatmapText = (notebook: NotebookPage) =>
    notebook.active().locator('.vega-embed svg').first().textContent();

  it('JupyterLab 4: fills in the activity, looks at heatmaps, changes a sentence, saves and reopens', async () => {
    const notebook = await open('lab');
    const outputs = await workThrough(notebook);
    const shown = [...outputs.values()].join('\n');
    expect(shown).toContain('with Transformer model: BertModel');
    expect(shown).toContain('Normalize()');
    expect(shown).toMatch(/array\(\[\[ *(1\.|0\.9)\d* *, +0\. +, +0\. /);
    expect(shown).not.toContain('Error');

    await notebook.goTo(cellWith('heatmap(sim,'));
    const before = await heatmapText(notebook);
    await screenshot(notebook.page, 'lab-light');

    const sentences = cellWith('const sentences = [');
    await notebook.goTo(sentences);
    const source = codeCells().find(({ index }) => index === sentences)!.source;
    await notebook.replaceSource(source.replace('he embraced his new life as an lawyer', 'my teeth ache'));
    for (const text of [
      'const sentences = [',
      'const embeddings',
      'const sim = similarities',
      'heatmap(sim,',
    ]) {
      await notebook.goTo(cellWith(text));
      await notebook.run();
    }
    const after = await heatmapText(notebook);
    expect(after).toContain('my teeth ache');
    expect(after).not.toBe(before);

    await notebook.page.keyboard.press('ControlOrMeta+S');
    await expect
      .poll(() => readFileSync(join(folder, 'activity.ipynb'), 'utf8'), { timeout: 10_000 })
      .toContain('my teeth ache');
    await notebook.page.close();

    const reopened = await open('lab');
    await reopened.goTo(cellWith('heatmap(sim,'));
    expect(await heatmapText(reopened)).toBe(after);
    await reopened.menu('Settings', 'Theme', 'JupyterLab Dark');
    await reopened.page.waitForTimeout(1500);
    await screenshot(reopened.page, 'lab-dark');

    await reopened.menu('Kernel', 'Restart Kernel and Run All Cells…');
    await reopened.page.locator('.jp-Dialog button.jp-mod-accept').click();
    const last = codeCells().at(-1)!.index;
    await reopened.goTo(last);
    await expect
      .poll(() => reopened.active().locator('.jp-InputPrompt').textContent(), { timeout: 90_000 })
      .toBe(`[${codeCells().length}]:`);
    await reopened.active().locator('.vega-embed svg').first().waitFor();
    await reopened.page.close();
  }, 400_000);

  it('JupyterLab 4: completes, inspects, stops a cell and goes on, restarts and runs all', async () => {
    const notebook = await open('lab');
    const { page } = notebook;
    await notebook.goTo(0);
    await notebook.insertBelow();
    await page.keyboard.insertText('const greeting = "hello";\ngreeting');
    await notebook.run();
    expect(await notebook.outputText()).toContain('hello');

    await notebook.insertBelow();
    await page.keyboard.insertText('greeting.toUpp');
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Tab');
          return notebook.active().locator('.cm-content').textContent();
        },
        { timeout: 20_000, interval: 2000 },
      )
      .toContain('toUpperCase');
    await page.keyboard.press('Shift+Tab');
    await expect
      .poll(() => page.locator('.jp-Tooltip').textContent(), { timeout: 10_000 })
      .toContain('string');
    await screenshot(page, 'lab-inspect');
    await page.keyboard.press('Escape');

    await notebook.insertBelow();
    await page.keyboard.insertText('while (true) {}');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.waitForTimeout(1000);
    await page.keyboard.press('Escape');
    await page.keyboard.press('i');
    await page.keyboard.press('i');
    await notebook.idle(10_000);
    expect(await notebook.outputText()).toMatch(/interrupt/i);

    await notebook.insertBelow();
    await page.keyboard.insertText('greeting.length');
    await notebook.run();
    expect(await notebook.outputText()).toContain('5');

    await notebook.insertBelow();
    await page.keyboard.insertText(LONG_WORK);
    await notebook.run();
    const bar = notebook.active().locator('.jp-OutputArea-output', { hasText: '100%' });
    expect(await bar.count()).toBe(1);
    expect(await bar.textContent()).toMatch(/^Batches: 100%.*it\/s/);

    await notebook.menu('Kernel', 'Restart Kernel…');
    await page.locator('.jp-Dialog button.jp-mod-accept').click();
    await notebook.idle();
    await notebook.insertBelow();
    await page.keyboard.insertText('greeting.length');
    await notebook.run();
    expect(await notebook.outputText()).toContain("Cannot find name 'greeting'");
    await page.close();
  }, 200_000);

  it('Notebook 7: the same path, from the imports to the comparison', async () => {
    const notebook = await open('notebooks');
    const outputs = await workThrough(notebook);
    expect([...outputs.values()].join('\n')).not.toContain('Error');
    await notebook.goTo(cellWith('compareHeatmaps([{ sim, '));
    expect(await heatmapText(notebook)).toContain('tsbert/mini-mpnet');
    await screenshot(notebook.page, 'notebook-7');
    await notebook.page.close();
  }, 400_000);
});
