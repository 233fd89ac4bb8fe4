/** A page of the JupyterLab that tsbert serves: the learner's hands of NotebookPage, and its own signs of being ready. */
import { NotebookPage } from '../support/notebook-page.ts';

/** What is looked at of JupyterLab's application, which the page shows under this name. */
interface Shown {
  jupyterapp?: {
    shell: {
      currentWidget?: {
        sessionContext?: {
          isReady: boolean;
          session?: { kernel?: { connectionStatus: string; status: string } };
        };
      };
    };
  };
}

export class LabPage extends NotebookPage {
  /** Waits until the kernel is connected: the indicator says "idle" before there is one. */
  async connected(timeoutMs = 90_000): Promise<void> {
    await this.page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: timeoutMs });
    await this.page.waitForFunction(
      () => {
        const { jupyterapp } = globalThis as Shown;
        const { isReady, session } = jupyterapp?.shell.currentWidget?.sessionContext ?? {};
        const kernel = session?.kernel;
        return isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
      },
      undefined,
      { timeout: timeoutMs },
    );
    await this.ready();
  }

  /** The prompt of a cell, wherever the selection is. */
  async promptOf(index: number): Promise<string | null> {
    await this.goTo(index);
    return this.active().locator('.jp-InputPrompt').textContent();
  }
}
