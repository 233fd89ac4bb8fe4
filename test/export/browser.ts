/** Opens pages in chromium for tests, and keeps what they did: requests, console messages, scripts that ran. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumArgs, findChromium } from '../support/find-tools.ts';

/** Where chromium is, or why the tests that need it are skipped. */
export const chromiumTool = findChromium();

/** A page in the browser, and everything noteworthy that it did. */
export interface OpenPage {
  page: Page;
  /** Requests for anything but the page itself and data inside it. */
  requests: string[];
  /** Errors and warnings on the console, and uncaught errors. */
  messages: string[];
  /** What called `ran()`, `alert()` and the like. */
  ran: string[];
  close(): Promise<void>;
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumTool.path!, args: chromiumArgs });
}

/** Opens HTML at an address that is answered from memory: nothing else can be reached. */
export async function openPage(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const address = 'https://notebook.invalid/page.html';
  const context = await browser.newContext({ viewport: { width: 800, height: 900 }, ...options });
  const opened = { requests: [] as string[], messages: [] as string[], ran: [] as string[] };
  await context.route('**/*', (route) => {
    if (route.request().url() === address) return route.fulfill({ contentType: 'text/html', body: html });
    opened.requests.push(route.request().url());
    return route.abort();
  });
  if (options.javaScriptEnabled !== false) {
    await context.exposeBinding('ran', (_, what = 'ran()') => void opened.ran.push(String(what)));
  }
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) opened.messages.push(message.text());
  });
  page.on('pageerror', (error) => opened.messages.push(String(error)));
  page.on('dialog', (dialog) => {
    opened.ran.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  return { page, ...opened, close: () => context.close() };
}
