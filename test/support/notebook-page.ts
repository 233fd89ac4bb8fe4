/** A learner's hands on a notebook in JupyterLab 4 or Notebook 7: type, run, look at outputs, stop, restart. */

import type { Locator, Page } from 'playwright-core';

export class NotebookPage {
  constructor(readonly page: Page) {}

  /** Waits until the notebook stands open with its kernel idle. */
  async ready(): Promise<void> {
    await this.page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: 90_000 });
    await this.idle();
  }

  /** Waits until the kernel has nothing more to do. */
  async idle(timeoutMs = 90_000): Promise<void> {
    await this.page
      .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
      .first()
      .waitFor({ timeout: timeoutMs });
  }

  /** Selects the cell at `index` by the arrow keys, from wherever the selection is. */
  async goTo(index: number): Promise<void> {
    await this.page.keyboard.press('Escape');
    const from = Number(await this.active().getAttribute('data-windowed-list-index'));
    const key = index > from ? 'ArrowDown' : 'ArrowUp';
    for (let step = 0; step < Math.abs(index - from); step++) await this.page.keyboard.press(key);
    await this.active()
      .and(this.page.locator(`[data-windowed-list-index="${index}"]`))
      .waitFor({ timeout: 10_000 });
  }

  /** The cell that has the focus. */
  active(): Locator {
    return this.page.locator('.jp-Notebook .jp-Cell.jp-mod-active');
  }

  /** Clicks into the active cell's editor and replaces its text. */
  async replaceSource(source: string): Promise<void> {
    await this.active().locator('.cm-content').click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(source);
  }

  /** Runs the active cell in place and waits for its new number; a page that is still settling may lose the first keys. */
  async run(timeoutMs = 90_000): Promise<void> {
    const prompt = this.active().locator('.jp-InputPrompt');
    const before = await prompt.textContent();
    const isDone = async () => !['[*]:', before].includes(await prompt.textContent());
    for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; ) {
      if ((await prompt.textContent()) === before) await this.page.keyboard.press('ControlOrMeta+Enter');
      for (let waited = 0; waited < 4000; waited += 100) {
        await this.page.waitForTimeout(100);
        if (await isDone()) return;
      }
    }
    throw new Error(`The cell did not finish within ${timeoutMs} ms: ${await this.active().textContent()}`);
  }

  /** Adds an empty code cell under the active one and puts the cursor into it. */
  async insertBelow(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('b');
    await this.page.keyboard.press('Enter');
  }

  /** The text of the active cell's outputs. */
  async outputText(): Promise<string> {
    return (await this.active().locator('.jp-OutputArea-output').allTextContents()).join('\n');
  }

  /** Gives the notebook the keyboard, its first cell selected. */
  async focus(): Promise<void> {
    await this.page.locator('.jp-Notebook .jp-Cell').first().click();
    await this.page.keyboard.press('Escape');
  }

  /** Chooses an entry of the menu bar by the names on the way to it. */
  async menu(...names: string[]): Promise<void> {
    const [bar, ...entries] = names;
    await this.page.locator('.lm-MenuBar-itemLabel', { hasText: bar }).first().click();
    for (const entry of entries) {
      await this.page.locator('.lm-Menu-itemLabel', { hasText: entry }).first().click();
    }
  }
}
