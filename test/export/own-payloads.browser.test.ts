/** Our own attacks, static and live, in a real browser without the page's policy: nothing runs, nothing is asked for. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportHtml } from '../../src/export/html.ts';
import { chromiumTool, launchChromium, openPage } from './browser.ts';
import { code, display, markdown, notebook, raw } from './notebooks.ts';
import { ownPayloads, ownSpecs } from './own-payloads.ts';

if (chromiumTool.reason) console.log(`skipping browser tests: ${chromiumTool.reason}`);

const places = {
  'markdown cells': (payload: string) => markdown(payload),
  'raw HTML cells': (payload: string) => raw(payload, 'text/html'),
  'HTML outputs': (payload: string) => code('', [display({ 'text/html': payload })]),
  'SVG outputs': (payload: string) => code('', [display({ 'image/svg+xml': payload })]),
};

/** The page as a browser that knows no policy would have it. */
function withoutPolicy(html: string): string {
  const bare = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  expect(bare).not.toBe(html);
  return bare;
}

describe.skipIf(chromiumTool.reason)('exportHtml() of our own attacks', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('has two hundred of them', () => {
    expect(new Set(ownPayloads).size).toBeGreaterThanOrEqual(200);
    expect(ownSpecs.length).toBeGreaterThanOrEqual(80);
  });

  it.each(Object.keys(places) as (keyof typeof places)[])(
    `defuses ${ownPayloads.length} in %s`,
    { timeout: 120_000 },
    async (place) => {
      const html = await exportHtml(notebook(ownPayloads.map(places[place])));
      const opened = await openPage(browser, withoutPolicy(html));
      await opened.page.mouse.move(300, 300);
      await opened.page.waitForTimeout(300);
      expect(opened.ran).toEqual([]);
      expect(opened.requests).toEqual([]);
      await opened.close();
    },
  );

  it.each([false, true])(
    'defuses those in Vega-Lite specs (live: %s)',
    { timeout: 240_000 },
    async (live) => {
      const cells = ownSpecs.map((spec) => code('', [display({ 'application/vnd.vegalite.v5+json': spec })]));
      const html = await exportHtml(notebook(cells), { live });
      const opened = await openPage(browser, withoutPolicy(html));
      const charts = await opened.page.locator('[data-tsbert-chart]').count();
      expect(charts).toBeGreaterThan(70);
      if (live) {
        await opened.page.waitForFunction(
          (count) => document.querySelectorAll('.is-live').length >= count,
          charts - 10,
          { timeout: 120_000 },
        );
        for (const mark of await opened.page.locator('.live .mark-rect path').all()) {
          await mark.dispatchEvent('mousemove', { bubbles: true });
        }
        expect(await opened.page.locator('.vega-actions, .live details').count()).toBe(0);
      }
      await opened.page.waitForTimeout(300);
      expect(opened.ran).toEqual([]);
      expect(opened.requests).toEqual([]);
      await opened.close();
    },
  );
});
