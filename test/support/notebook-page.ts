/** A learner's hands on a notebook in JupyterLab 4 or Notebook 7: type, run, look at outputs, stop, restart. */

import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

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

  /** The cell at `index`, scrolled into view (the notebook draws only what is near the screen). */
  async cell(index: number): Promise<Locator> {
    const cell = this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
    await cell.scrollIntoViewIfNeeded({ timeout: 10_000 });
    return cell;
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

  /** Runs the active cell in place and waits for its execution number to change. */
  async run(timeoutMs = 90_000): Promise<void> {
    const prompt = this.active().locator('.jp-InputPrompt');
    const before = await prompt.textContent();
    await this.page.keyboard.press('ControlOrMeta+Enter');
    await expect
      .poll(
        async () => {
          const now = await prompt.textContent();
          return now !== before && now !== '[*]:';
        },
        { timeout: timeoutMs },
      )
      .toBe(true);
  }

  /** Moves the selection one cell down, in command mode. */
  async next(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('ArrowDown');
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
}
