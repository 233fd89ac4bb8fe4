/** A learner edits the sentences of the activity and runs two cells only, in real front ends: she is told. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKernelSpec } from '../../src/jupyter/kernelspec.ts';
import type { CodeCell } from '../../src/jupyter/notebook/nbformat.ts';
import { chromiumArgs, findChromium, findJupyter } from '../support/find-tools.ts';
import { type JupyterServer, startJupyterServer } from '../support/jupyter-server.ts';
import { NotebookPage } from '../support/notebook-page.ts';

const jupyter = findJupyter();
const chromiumTool = findChromium();
const missing = jupyter.reason ?? chromiumTool.reason;
if (missing) console.log(`The front ends are not driven with an edit: ${missing}`);

const artifacts = join(import.meta.dirname, '..', '..', 'test-artifacts');
const NOTEBOOK = 'activity-solution.ipynb';

describe.runIf(!missing)('a learner who edits the sentences', () => {
  let folder: string;
  let server: JupyterServer;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tsbert-edit-'));
    mkdirSync(artifacts, { recursive: true });
    // One for each front end: a notebook that is open has its kernel, and that remembers.
    for (const name of ['lab', 'notebooks'])
      cpSync(join(import.meta.dirname, '..', '..', 'notebooks', NOTEBOOK), join(folder, `${name}.ipynb`));
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

  const codeCells = () =>
    (JSON.parse(readFileSync(join(folder, 'lab.ipynb'), 'utf8')).cells as CodeCell[])
      .map((cell, index) => ({ index, type: cell.cell_type, source: [cell.source].flat().join('') }))
      .filter((cell) => cell.type === 'code');

  it.each([
    ['JupyterLab 4', 'lab'],
    ['Notebook 7', 'notebooks'],
  ] as const)(
    '%s: sees what is out of date, and right numbers after a refresh',
    async (_name, frontEnd) => {
      const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
      await page.goto(server.page(frontEnd, `${frontEnd}.ipynb`));
      const notebook = new NotebookPage(page);
      await notebook.ready();
      await notebook.focus();
      const cells = codeCells();
      const place = (text: string) => cells.find(({ source }) => source.includes(text))!.index;
      const runAt = async (index: number) => {
        await notebook.goTo(index);
        await notebook.run();
        return notebook.outputText();
      };

      // From top to bottom, no notice.
      const upToHeatmap = cells.filter(({ index }) => index <= place('heatmap(sim,'));
      for (const { index } of upToHeatmap) expect(await runAt(index)).not.toMatch(/out of date/i);
      const before = await notebook.active().locator('.vega-embed svg').first().textContent();
      expect(before).toContain('lawyer');

      // The edit, and two cells alone.
      const sentences = place('const sentences = [');
      await notebook.goTo(sentences);
      const source = cells.find(({ index }) => index === sentences)!.source;
      await notebook.replaceSource(source.replace('he embraced his new life as an lawyer', 'my teeth ache'));
      await notebook.run();
      const told = await notebook.outputText();
      expect(told).toMatch(
        /^Out of date: \d+ .*, \d+ .*Run these cells again, in this order, or all at once: %refresh/,
      );
      await page.screenshot({ path: join(artifacts, `edit-${frontEnd}.png`) });
      const heatmap = await runAt(place('heatmap(sim,'));
      expect(heatmap).toMatch(
        /^Out of date: sim \(cell \d+\) was made from an earlier sentences \(cell \d+\)/,
      );
      // The numbers know better than to be drawn with other labels.
      expect(heatmap).toContain(
        "was 'he embraced his new life as an lawyer' when the similarities were made",
      );
      expect(await notebook.active().locator('.vega-embed').count()).toBe(0);
      await page.screenshot({ path: join(artifacts, `edit-heatmap-${frontEnd}.png`) });

      // All at once.
      await notebook.insertBelow();
      await page.keyboard.insertText('%refresh');
      await notebook.run();
      expect(await notebook.outputText()).not.toMatch(/out of date|Error/i);
      await notebook.active().locator('.vega-embed svg').first().waitFor();
      const shown = await notebook.active().locator('.vega-embed svg').allTextContents();
      expect(shown.some((text) => text.includes('my teeth ache'))).toBe(true);
      expect(shown.some((text) => text.includes('lawyer'))).toBe(false);

      // Nothing is out of date any more, and nothing says so.
      await notebook.goTo(sentences);
      expect(await notebook.outputText()).not.toMatch(/out of date/i);
      const again = await runAt(place('heatmap(sim,'));
      expect(again).not.toMatch(/out of date/i);
      await expect
        .poll(() => notebook.active().locator('.vega-embed svg').first().textContent(), { timeout: 10_000 })
        .toContain('my teeth ache');
      await page.close();
    },
    400_000,
  );
});
