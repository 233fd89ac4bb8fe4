/** Pages in a real browser: quiet, complete, accessible, alike with and without scripts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import pixelmatch from 'pixelmatch';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportHtml } from '../../src/export/html.ts';
import { chromiumTool, launchChromium, openPage } from './browser.ts';
import { sample } from './sample.ts';

if (chromiumTool.reason) console.log(`skipping browser tests: ${chromiumTool.reason}`);

interface Violation {
  id: string;
  nodes: { html: string }[];
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function findViolations(page: Page): Promise<string[]> {
  const run = `(() => { ${axeSource}; return axe.run(document, { resultTypes: ['violations'] }); })()`;
  const { violations } = (await page.evaluate(run)) as { violations: Violation[] };
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}

describe.skipIf(chromiumTool.reason)('an exported page in chromium', () => {
  let browser: Browser;
  let page: string;
  let livePage: string;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await exportHtml(sample, { date: new Date('2026-01-02') });
    livePage = await exportHtml(sample, { live: true });
  });
  afterAll(() => browser?.close());

  it.each([
    ['light', 800],
    ['dark', 800],
    ['light', 400],
    ['dark', 1500],
  ] as const)('is quiet, accessible and fits in %s, %i px wide', async (colorScheme, width) => {
    const opened = await openPage(browser, page, { colorScheme, viewport: { width, height: 900 } });
    expect(await findViolations(opened.page)).toEqual([]);
    const overflow = await opened.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(opened.requests).toEqual([]);
    expect(opened.messages).toEqual([]);
    await opened.close();
  });

  it('shows the heatmaps without scripts', async () => {
    const opened = await openPage(browser, page, { javaScriptEnabled: false });
    expect(await opened.page.locator('figure.chart svg').filter({ visible: true }).count()).toBe(2);
    const box = await opened.page.locator('figure.chart svg').first().boundingBox();
    expect(box!.width).toBeGreaterThan(400);
    expect(await opened.page.getByText('0.64', { exact: true }).first().isVisible()).toBe(true);
    await opened.close();
  });

  it('goes dark with the system: page, cells and gradient', async () => {
    const colours = async (colorScheme: 'light' | 'dark') => {
      const opened = await openPage(browser, page, { colorScheme });
      const found = await opened.page.evaluate(() => {
        const cell = [...document.querySelectorAll('figure path')].find((path) =>
          path.textContent?.includes('0.64'),
        );
        const stop = document.querySelector('figure stop');
        return [
          getComputedStyle(document.body).backgroundColor,
          getComputedStyle(cell!).fill,
          getComputedStyle(stop!).stopColor,
        ];
      });
      await opened.close();
      return found;
    };
    const [light, dark] = [await colours('light'), await colours('dark')];
    expect(light[0]).toBe('rgb(255, 255, 255)');
    expect(dark[0]).toBe('rgb(15, 18, 22)');
    for (const i of [1, 2]) expect(dark[i]).not.toBe(light[i]);
  });

  it('leads the keyboard to the notebook first', async () => {
    const opened = await openPage(browser, page);
    await opened.page.keyboard.press('Tab');
    expect(await opened.page.evaluate(() => document.activeElement!.textContent)).toBe(
      'Skip to the notebook',
    );
    await opened.page.keyboard.press('Enter');
    expect(await opened.page.evaluate(() => location.hash)).toBe('#tsbert-main');
    await opened.close();
  });

  it('prints in light colours without its controls', async () => {
    const opened = await openPage(browser, page, { colorScheme: 'dark' });
    await opened.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const background = await opened.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe('rgb(255, 255, 255)');
    expect(await opened.page.locator('nav').isVisible()).toBe(false);
    await opened.close();
  });

  it('draws live charts like the still ones, with tooltips, and stays quiet', async () => {
    const opened = await openPage(browser, livePage);
    await opened.page.waitForFunction(() => document.querySelectorAll('.is-live').length === 2);
    const live = opened.page.locator('figure.chart .live svg').first();
    const liveImage = PNG.sync.read(await live.screenshot());
    const cell = opened.page.locator('.live path[aria-label="Sentences 5 and 4: 0.64"]').first();
    await cell.hover({ force: true });
    const tooltip = opened.page.locator('#vg-tooltip-element.visible');
    await tooltip.waitFor();
    expect(await tooltip.innerText()).toContain('0.6385');
    expect(await tooltip.innerText()).toContain(sentenceFour);
    expect(await findViolations(opened.page)).toEqual([]);
    expect(opened.requests).toEqual([]);
    expect(opened.messages).toEqual([]);
    await opened.close();
    const still = await openPage(browser, livePage, { javaScriptEnabled: false });
    const stillImage = PNG.sync.read(await still.page.locator('figure.chart svg').first().screenshot());
    await still.close();
    expect(differenceOf(liveImage, stillImage)).toBeLessThan(0.03);
  });

  it('paints the legends of live charts, at any address of the page', async () => {
    const opened = await openPage(browser, livePage);
    await opened.page.evaluate(() => {
      location.hash = '#a';
    });
    await opened.page.reload();
    await opened.page.waitForFunction(() => document.querySelectorAll('.is-live').length === 2);
    const painted = await opened.page
      .locator('.live .role-legend-gradient path')
      .evaluateAll((paths) => paths.map((path) => /^url\(.*#/.test(path.getAttribute('fill') ?? '')));
    expect(painted).toEqual([true, true]);
    expect([opened.requests, opened.messages]).toEqual([[], []]);
    await opened.close();
  });

  it('redraws live charts when the system turns dark', async () => {
    const opened = await openPage(browser, livePage, { colorScheme: 'light' });
    const colour = () =>
      opened.page.evaluate(() =>
        document.querySelector('.live path[aria-label="Sentences 5 and 4: 0.64"]')?.getAttribute('fill'),
      );
    await opened.page.waitForFunction(() => document.querySelectorAll('.is-live').length === 2);
    const light = await colour();
    await opened.page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(colour).not.toBe(light);
    await opened.close();
  });
});

const sentenceFour = 'my dentist tells me that chewing bricks is very bad for your teeth';

/** Share of pixels that differ, where both pictures are. */
function differenceOf(a: PNG, b: PNG): number {
  const width = Math.min(a.width, b.width);
  const height = Math.min(a.height, b.height);
  expect(Math.max(a.width, b.width) - width).toBeLessThanOrEqual(4);
  const [left, right] = [a, b].map((image) => {
    const part = new PNG({ width, height });
    PNG.bitblt(image, part, 0, 0, width, height, 0, 0);
    return part.data;
  });
  return pixelmatch(left!, right!, undefined, width, height, { threshold: 0.2 }) / (width * height);
}
