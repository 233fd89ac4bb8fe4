/** Known attacks, in every place where a notebook can put markup, in a real browser: none runs, none loads anything. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportHtml } from '../../src/export/html.ts';
import type { Cell } from '../../src/jupyter/notebook/nbformat.ts';
import { chromiumTool, launchChromium, openPage } from './browser.ts';
import { code, display, markdown, notebook, raw, stream } from './notebooks.ts';
import { payloads } from './xss-payloads.ts';

if (chromiumTool.reason) console.log(`skipping browser tests: ${chromiumTool.reason}`);

const places: Record<string, (payload: string) => Cell> = {
  'markdown cells': (payload) => markdown(payload),
  'raw HTML cells': (payload) => raw(payload, 'text/html'),
  'HTML outputs': (payload) => code('', [display({ 'text/html': payload })]),
  'SVG outputs': (payload) => code('', [display({ 'image/svg+xml': payload })]),
  'LaTeX outputs': (payload) => code('', [display({ 'text/latex': payload })]),
  'markdown outputs': (payload) => code('', [display({ 'text/markdown': payload })]),
  'JSON outputs': (payload) => code('', [display({ 'application/json': { [payload]: payload } })]),
  'text, errors and code': (payload) =>
    code(payload, [
      stream(payload),
      stream(payload, 'stderr'),
      { output_type: 'error', ename: payload, evalue: payload, traceback: [payload] },
      display({ [payload]: payload }),
    ]),
  'picture data and names': (payload) =>
    code('', [
      display(
        { 'image/png': payload, 'text/plain': payload },
        { 'image/png': { alt: payload, width: payload } },
      ),
    ]),
  attachments: (payload) => ({
    ...markdown(`![${payload}](attachment:x.png)`),
    attachments: { 'x.png': { 'image/png': payload } },
  }),
};

/** Reports what could still run: handlers, forbidden elements, addresses that are no plain links. */
function findDanger(): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    if (/^(?:script|iframe|object|embed|base|meta|link|style|form|template)$/.test(element.localName)) {
      found.push(element.localName);
    }
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(`${element.localName} ${name}`);
      if (/^(?:xlink:)?href$/i.test(name) && !/^(?:https?:|mailto:|#|[\w./-]*$)/i.test(value.trim()))
        found.push(value);
      if (name === 'style' && /url|position|expression|image/i.test(value)) found.push(value);
      if (name === 'src' && !value.startsWith('data:')) found.push(value);
    }
  }
  return found;
}

describe.skipIf(chromiumTool.reason)('exportHtml() defuses', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each(Object.keys(places))(`${payloads.length} attacks in %s`, async (place) => {
    const html = await exportHtml(notebook(payloads.map(places[place]!)));
    // The page's policy would stop most attacks: without it, cleaning has to stop them all.
    const bare = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    expect(bare).not.toBe(html);
    const opened = await openPage(browser, bare);
    await opened.page.mouse.move(300, 300);
    await opened.page.waitForTimeout(200);
    expect(await opened.page.evaluate(findDanger)).toEqual([]);
    expect(opened.ran).toEqual([]);
    expect(opened.requests).toEqual([]);
    await opened.close();
  });

  it('attacks in titles, kernel names and metadata', async () => {
    for (const payload of payloads.filter((text) => text.includes('<')).slice(0, 6)) {
      const metadata = {
        title: payload,
        kernelspec: { name: payload, display_name: payload, language: payload },
      };
      const opened = await openPage(browser, await exportHtml(notebook([markdown('text')], metadata)));
      expect(await opened.page.evaluate(findDanger)).toEqual([]);
      expect(await opened.page.title()).toBe(payload.replace(/[\t\n\f\r ]+/g, ' ').trim());
      expect([...opened.ran, ...opened.requests, ...opened.messages]).toEqual([]);
      await opened.close();
    }
  });

  it('attacks in Vega-Lite specs, in a live page too', async () => {
    const specs = payloads.slice(0, 20).map((payload) => ({
      $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
      title: payload,
      description: payload,
      data: { values: [{ x: payload, y: 1 }] },
      transform: [{ calculate: "'javascript:ran()'", as: 'link' }],
      mark: { type: 'bar', tooltip: true },
      encoding: {
        x: { field: 'x', title: payload },
        y: { field: 'y', type: 'quantitative' },
        href: { field: 'link' },
      },
    }));
    const cells = specs.map((spec) => code('', [display({ 'application/vnd.vegalite.v5+json': spec })]));
    const opened = await openPage(browser, await exportHtml(notebook(cells), { live: true }));
    await opened.page.waitForFunction(() => document.querySelectorAll('.is-live').length === 20);
    for (const link of await opened.page.locator('.live a').all()) await link.dispatchEvent('click');
    await opened.page.waitForTimeout(200);
    expect(opened.ran).toEqual([]);
    expect(opened.requests).toEqual([]);
    await opened.close();
  });
});
