/** Interactive pages in a real browser: edited by hand, by a link, by an attacker; in light and dark, wide and narrow. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heatmap } from '../../src/charts/heatmap.ts';
import type { HeatmapRecipe } from '../../src/charts/recipe.ts';
import { exportHtml } from '../../src/export/html.ts';
import type { Notebook } from '../../src/jupyter/notebook/nbformat.ts';
import { loadPageScripts } from '../../src/playground/load-page-scripts.ts';
import { withSentences } from '../../src/playground/shared-sentences.ts';
import { chromiumTool, launchChromium, openPage } from '../export/browser.ts';
import { code, display, notebook } from '../export/notebooks.ts';
import { payloads } from '../export/xss-payloads.ts';

if (chromiumTool.reason) console.log(`skipping browser tests: ${chromiumTool.reason}`);

const MINI = 'tsbert/mini-mpnet';
const REAL = 'sentence-transformers/all-mpnet-base-v2';
const sentences = ['A dog barks.', 'A hound bays at the moon.', 'Share prices fell.'];
/** Not what any model finds: what is shown after an edit is computed anew, all of it. */
const figures = [
  [1, 0.11, 0.12],
  [0.11, 1, 0.13],
  [0.12, 0.13, 1],
];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A notebook with a heatmap by the bundled model, and one by the real one. */
function sample(own: readonly string[] = sentences): Notebook {
  const cell = (name: string, title: string) => {
    const recipe: HeatmapRecipe = { sentences: own, models: [{ name, title }], title: 'T', firstNumber: 1 };
    const { spec } = heatmap(figures, { sentences, title: 'T' });
    const data = { 'application/vnd.vegalite.v5+json': spec, 'text/plain': 'figures' };
    return code('heatmap()', [display(data, { tsbert: { heatmap: recipe } })]);
  };
  return notebook([cell(MINI, MINI), cell(REAL, 'all-mpnet-base-v2')]);
}

const makePage = async (own?: readonly string[]) =>
  exportHtml(sample(own), { interactive: await loadPageScripts([MINI, REAL]) });

/** What a reader sees of a chart's numbers. */
const numbersIn = (page: Page, chart: number) =>
  page.locator(`[data-tsbert-chart="${chart}"] .tried tbody tr td:first-child`).allTextContents();
const part = (page: Page, chart: number) => page.locator(`[data-tsbert-chart="${chart}"] .playground`);

const field = (inPart: Locator, number: number) =>
  inPart.getByRole('textbox', { name: `Sentence ${number}`, exact: true });

const visible = async (inPart: Locator, text: string) =>
  (await inPart.getByText(text, { exact: true }).filter({ visible: true }).count()) > 0;

async function updated(page: Page, chart: number, act: () => Promise<unknown>): Promise<void> {
  await page.evaluate((i) => {
    document.querySelector(`[data-tsbert-chart="${i}"] [role=status]`)!.textContent = '';
  }, chart);
  await act();
  await part(page, chart).getByRole('status').filter({ hasText: 'Updated.' }).waitFor({ timeout: 120_000 });
}

// Models are unpacked and charts drawn in the page: slow where the machine is busy.
describe.skipIf(chromiumTool.reason)('an interactive page', { timeout: 240_000 }, () => {
  let browser: Browser;
  let html: string;
  beforeAll(async () => {
    browser = await launchChromium();
    html = await makePage();
  });
  afterAll(() => browser?.close());

  it('is one file below 7 MB with one model, allows its own scripts alone, and is whole without them', async () => {
    expect(html.length).toBeLessThan(7e6);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!.replaceAll('&#39;', "'");
    expect(policy).toMatch(/default-src 'none'.*script-src 'nonce-[^']+'; worker-src blob:/);
    expect(policy).not.toMatch(/unsafe-eval|connect-src|script-src[^;]*unsafe/);
    const opened = await openPage(browser, html, { javaScriptEnabled: false });
    expect(await opened.page.locator('figure svg').count()).toBeGreaterThanOrEqual(2);
    expect(await visible(opened.page.locator('body'), '0.11')).toBe(true);
    expect(await opened.page.locator('.playground').count()).toBe(0);
    await opened.close();
  });

  it('follows an edit, an added, a removed and a pasted sentence, and resets', async () => {
    const opened = await openPage(browser, html);
    const { page } = opened;
    const first = part(page, 0);
    await updated(page, 0, () => field(first, 3).fill('A dog barks.'));
    // Sentences 1 and 3 are one now.
    expect((await numbersIn(page, 0))[1]).toBe('1.0000');
    await updated(page, 0, async () => {
      await first.getByText('Add a sentence').click();
      await field(first, 4).fill(`👩‍🔬 ${'word '.repeat(900)}`);
    });
    expect(await numbersIn(page, 0)).toHaveLength(6);
    await updated(page, 0, () => first.getByLabel('Remove sentence 2').click());
    expect(await numbersIn(page, 0)).toHaveLength(3);
    await updated(page, 0, () => field(first, 1).fill(''));
    expect((await numbersIn(page, 0)).every((text) => Math.abs(Number(text)) <= 1)).toBe(true);
    await first.getByText('Reset').click();
    expect(await field(first, 2).inputValue()).toBe(sentences[1]);
    expect(await visible(page.locator('body'), '0.11')).toBe(true);
    expect(await page.evaluate(() => location.hash)).toBe('');
    expect([opened.requests, opened.messages, opened.ran]).toEqual([[], [], []]);
    await opened.close();
  });

  it("leaves a real model's picture as it is, and names the stand-in beside its own", async () => {
    const opened = await openPage(browser, html);
    const { page } = opened;
    expect(await part(page, 1).innerText()).toContain(MINI);
    await updated(page, 1, () => field(part(page, 1), 3).fill('Dogs.'));
    const figure = page.locator('[data-tsbert-chart="1"]');
    expect(await visible(figure, '0.11')).toBe(true);
    expect(await visible(figure.locator('.tried .picture'), MINI)).toBe(true);
    await opened.close();
  });

  it('takes sentences from the address as text, whoever wrote them', async () => {
    // As many as a page takes, of every kind.
    const own = payloads.filter((_, i) => i % 8 === 0).slice(0, 24);
    const opened = await openPage(browser, html);
    const { page } = opened;
    await page.evaluate(
      (hash) => {
        location.hash = hash;
        location.reload();
      },
      withSentences('', 0, own),
    );
    await part(page, 0).getByRole('status').filter({ hasText: 'Updated.' }).waitFor({ timeout: 120_000 });
    for (const [i, payload] of own.entries()) {
      // A text field knows no carriage returns.
      expect(await field(part(page, 0), i + 1).inputValue()).toBe(payload.replace(/\r\n?/g, '\n'));
    }
    expect([opened.requests, opened.ran]).toEqual([[], []]);
    await opened.close();
  });

  it('shows what a notebook calls its sentences as text too', async () => {
    const hostile = ['</script><script>ran()</script>', '<!--<script>', '<img src=x onerror=ran()>'];
    const opened = await openPage(browser, await makePage(hostile));
    await updated(opened.page, 0, () => field(part(opened.page, 0), 1).fill('x'));
    expect(await field(part(opened.page, 0), 3).inputValue()).toBe(hostile[2]);
    expect([opened.requests, opened.messages, opened.ran]).toEqual([[], [], []]);
    await opened.close();
  });

  it.each([
    ['light', 1400],
    ['dark', 375],
  ] as const)('is accessible and fits after an edit, %s, %i px wide', async (colorScheme, width) => {
    const opened = await openPage(browser, html, { colorScheme, viewport: { width, height: 900 } });
    const { page } = opened;
    await updated(page, 0, () => field(part(page, 0), 1).fill('Cats.'));
    const run = `(() => { ${axeSource}; return axe.run(document, { resultTypes: ['violations'] }); })()`;
    const { violations } = (await page.evaluate(run)) as { violations: { id: string; nodes: unknown[] }[] };
    expect(violations.map(({ id }) => id)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await opened.close();
  });

  it('stays with the last key, however fast they come', async () => {
    const opened = await openPage(browser, html);
    const { page } = opened;
    await updated(page, 0, () => field(part(page, 0), 1).pressSequentially(' and runs', { delay: 150 }));
    const last = page
      .locator('[data-tsbert-chart="0"] .tried tbody')
      .getByText('A dog barks. and runs')
      .first();
    await last.waitFor({ state: 'attached', timeout: 120_000 });
    expect(await field(part(page, 0), 1).inputValue()).toBe('A dog barks. and runs');
    await opened.close();
  });

  it('prints the state that it shows', async () => {
    const opened = await openPage(browser, html);
    const { page } = opened;
    await updated(page, 0, () => field(part(page, 0), 1).fill('Cats.'));
    await page.emulateMedia({ media: 'print' });
    expect(await part(page, 0).locator('.tried svg').first().isVisible()).toBe(true);
    expect(await part(page, 0).getByText('Reset').isVisible()).toBe(false);
    await opened.close();
  });
});
