/** A learner's hands on the activity in the JupyterLab that tsbert serves, in chromium; screenshots in test-artifacts. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readInterface } from '../../src/lab/page/interface.ts';
import { type LabServer, startLab } from '../../src/lab/server.ts';
import { chromiumArgs, findChromium, findLabInterface } from '../support/find-tools.ts';
import { LabPage } from './browser-page.ts';

const chromiumTool = findChromium();
const built = findLabInterface();
const missing = chromiumTool.reason ?? built.reason;
if (missing) console.log(`The own JupyterLab is not driven: ${missing}`);

const root = join(import.meta.dirname, '..', '..');
const artifacts = join(root, 'test-artifacts');

interface Cell {
  index: number;
  type: string;
  source: string;
}

function cellsOf(path: string): Cell[] {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return cells.map((cell, index) => ({ index, type: cell.cell_type, source: [cell.source].flat().join('') }));
}

const solution = cellsOf(join(root, 'notebooks', 'activity-solution.ipynb'));

describe.runIf(!missing)('a learner in the JupyterLab of tsbert', () => {
  let home: string;
  let folder: string;
  let server: LabServer;
  let browser: Browser;
  let context: BrowserContext;
  /** What no page may do: complain, fail, or ask another machine. */
  const faults: string[] = [];
  let workspaces = 0;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'tsbert-learner-'));
    folder = join(home, 'notebooks');
    mkdirSync(folder);
    mkdirSync(artifacts, { recursive: true });
    cpSync(join(root, 'notebooks', 'activity.ipynb'), join(folder, 'activity.ipynb'));
    process.env.TSBERT_OFFLINE = '1';
    const assets = await readInterface(built.path!);
    server = await startLab({ folder, assets, stateFolder: join(home, 'state'), env: process.env });
    browser = await chromium.launch({ executablePath: chromiumTool.path, args: chromiumArgs });
    context = await browser.newContext({ viewport: { width: 1300, height: 1000 }, acceptDownloads: true });
    context.setDefaultTimeout(30_000);
    context.on('page', watch);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(home, { recursive: true, force: true });
  });

  // A page that a failed test left open would hold the workspace.
  afterEach(async () => {
    for (const page of context.pages()) await page.close();
  });

  function watch(page: Page): void {
    const own = new URL(server.url()).origin;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        faults.push(`${expect.getState().currentTestName}: ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack}`));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && origin !== own)
        faults.push(`asked: ${request.url()}`);
    });
  }

  const path = () => join(folder, 'activity.ipynb');
  const saved = () => readFileSync(path(), 'utf8');
  const codeCells = () => cellsOf(path()).filter(({ type }) => type === 'code');
  const cellWith = (text: string) => codeCells().find(({ source }) => source.includes(text))!.index;

  async function open(file = 'activity.ipynb'): Promise<LabPage> {
    const page = await context.newPage();
    // A workspace of its own: the usual one would open what the page before had open.
    workspaces += 1;
    await page.goto(server.url(`/lab/workspaces/hands-${workspaces}/tree/${file}`));
    const notebook = new LabPage(page);
    await notebook.connected();
    await notebook.focus();
    return notebook;
  }

  it('fills in wrongly, is told so, fills in rightly, works through to the end, and sees the heatmaps', async () => {
    const notebook = await open();
    const blank = codeCells().find(({ source }) => source.includes('____') && source.includes('sbertName'))!;
    await notebook.goTo(codeCells()[0]!.index);
    await notebook.run();
    await notebook.goTo(blank.index);
    await notebook.replaceSource(blank.source.replace('____', "'all-mpnet-base-v2'"));
    await notebook.run();
    const told = await notebook.outputText();
    await notebook.replaceSource(solution[blank.index]!.source);
    await notebook.run();
    expect(await notebook.outputText()).not.toBe(told);
    for (const { index, source } of codeCells()) {
      await notebook.goTo(index);
      if (source.includes('____')) await notebook.replaceSource(solution[index]!.source);
      await notebook.run();
      expect(await notebook.outputText()).not.toMatch(/Error:/);
    }
    await notebook.goTo(cellWith('heatmap(sim,'));
    await notebook.active().locator('.vega-embed svg').first().waitFor();
    await notebook.page.screenshot({ path: join(artifacts, 'own-lab-light.png') });
    await notebook.page.keyboard.press('ControlOrMeta+S');
    await expect.poll(saved, { timeout: 10_000 }).not.toContain('____;');
    await notebook.page.close();
  }, 400_000);

  it('finds everything again after reopening, in the dark too, and runs it all after a restart', async () => {
    const notebook = await open();
    const { page } = notebook;
    await notebook.goTo(cellWith('heatmap(sim,'));
    await notebook.active().locator('.vega-embed svg').first().waitFor();
    await notebook.menu('Settings', 'Theme', 'JupyterLab Dark');
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
    await page.waitForTimeout(1000);
    await page.screenshot({ path: join(artifacts, 'own-lab-dark.png') });
    await notebook.menu('Kernel', 'Restart Kernel and Run All Cells…');
    await page.locator('.jp-Dialog button.jp-mod-accept').click();
    await expect
      .poll(() => notebook.promptOf(codeCells().at(-1)!.index), { timeout: 120_000 })
      .toBe(`[${codeCells().length}]:`);
    await notebook.idle();
    await page.keyboard.press('ControlOrMeta+S');
    await page.close();
    const again = await open();
    await again.page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
    await again.menu('Settings', 'Theme', 'JupyterLab Light');
    await again.page.locator('body[data-jp-theme-light="true"]').waitFor({ state: 'attached' });
    await again.page.close();
  }, 400_000);

  it('completes, inspects, stops a cell, answers a question, and finds a word', async () => {
    const notebook = await open();
    const { page } = notebook;
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
    await page.keyboard.press('Escape');

    await notebook.insertBelow();
    await page.keyboard.insertText('while (true) {}');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.waitForTimeout(1000);
    await page.keyboard.press('Escape');
    await page.keyboard.press('i');
    await page.keyboard.press('i');
    await notebook.idle(20_000);
    expect(await notebook.outputText()).toMatch(/interrupt/i);

    await notebook.insertBelow();
    await page.keyboard.insertText('const asked = prompt("Your name?");\n"It is " + asked + ", " + greeting');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.locator('.jp-Stdin-input').fill('Ada');
    await page.keyboard.press('Enter');
    await expect.poll(() => notebook.outputText(), { timeout: 20_000 }).toContain('It is Ada, hello');

    await notebook.focus();
    await page.keyboard.press('ControlOrMeta+F');
    await page.locator('.jp-DocumentSearch-input').first().fill('greeting');
    await expect
      .poll(() => page.locator('.jp-DocumentSearch-index-counter').textContent(), { timeout: 10_000 })
      .toMatch(/\/[3-9]/);
    await page.keyboard.press('Escape');
    await page.close();
  }, 200_000);

  it('is shown what an edited cell puts out of date, and runs it again with one key', async () => {
    const notebook = await open();
    const { page } = notebook;
    const marked = page.locator('.tsbert-outOfDate');
    for (const { index } of codeCells()) {
      await notebook.goTo(index);
      await notebook.run();
    }
    await expect.poll(() => marked.count(), { timeout: 10_000 }).toBe(0);
    const sentences = codeCells().find(({ source }) => source.startsWith('const sentences'))!;
    await notebook.goTo(sentences.index);
    await notebook.replaceSource(sentences.source.replace('scary', 'happy'));
    await notebook.run();
    await expect.poll(() => marked.count(), { timeout: 10_000 }).toBeGreaterThan(2);
    await page.screenshot({ path: join(artifacts, 'own-lab-out-of-date.png') });
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+Alt+Enter');
    await expect.poll(() => marked.count(), { timeout: 30_000 }).toBe(0);
    await notebook.goTo(cellWith('heatmap(sim,'));
    await expect
      .poll(() => notebook.active().locator('.vega-embed svg').first().textContent(), { timeout: 10_000 })
      .toContain('happy');
    await page.close();
  }, 200_000);

  it('saves it as a page and as TypeScript, and gives it another name', async () => {
    cpSync(path(), join(folder, 'draft.ipynb'));
    const notebook = await open('draft.ipynb');
    const { page } = notebook;
    const saveAs = async (format: string) => {
      const downloading = context.waitForEvent('page').then((opened) => opened.waitForEvent('download'));
      const direct = page.waitForEvent('download', { timeout: 60_000 });
      await notebook.menu('File', 'Save and Export Notebook As', format);
      const download = await Promise.race([direct, downloading]);
      return { name: download.suggestedFilename(), text: readFileSync((await download.path())!, 'utf8') };
    };
    const html = await saveAs('HTML');
    expect(html.name).toBe('draft.html');
    expect(html.text).toContain('<svg');
    const script = await saveAs('Executable Script');
    expect(script.name).toBe('draft.ts');
    expect(script.text).toContain('// %%');

    await notebook.menu('File', 'Rename Notebook…');
    await page.locator('.jp-Dialog input').fill('mine.ipynb');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => cellsOf(join(folder, 'mine.ipynb')).length, { timeout: 10_000 })
      .toBeGreaterThan(5);
    await notebook.focus();
    await notebook.insertBelow();
    await page.keyboard.insertText('40 + 2');
    await notebook.run();
    expect(await notebook.outputText()).toContain('42');
    await page.close();
  }, 200_000);

  it('is told when the kernel is killed, and goes on with a new one', async () => {
    const notebook = await open();
    const { page } = notebook;
    await notebook.insertBelow();
    await page.keyboard.insertText('process.ppid');
    await notebook.run();
    process.kill(Number((await notebook.outputText()).trim()), 'SIGKILL');
    await page.locator('.jp-Dialog', { hasText: /restart/i }).waitFor({ timeout: 20_000 });
    await page.locator('.jp-Dialog button.jp-mod-accept').click();
    await notebook.connected();
    await notebook.insertBelow();
    await page.keyboard.insertText('6 * 7');
    await notebook.run();
    expect(await notebook.outputText()).toContain('42');
    await page.close();
  }, 200_000);

  it('works in two tabs on one notebook, with one kernel', async () => {
    const [one, two] = [await open(), await open()];
    await one.insertBelow();
    await one.page.keyboard.insertText('const shared = 7;');
    await one.run();
    await two.page.bringToFront();
    await two.insertBelow();
    await two.page.keyboard.insertText('shared * 6');
    await two.run();
    expect(await two.outputText()).toContain('42');
    await one.page.close();
    await two.page.close();
  }, 200_000);

  it('left no complaint in the console, and asked no other machine', () => {
    // JupyterLab's own word at every restart of a kernel, under Python's server too.
    const ofRestart = /(after a restart|with a new one): warning: Connection lost, reconnecting in 0 seconds/;
    expect(faults.filter((fault) => !ofRestart.test(fault))).toEqual([]);
  });
});
