/** Shows a bar for each file while it is downloaded, as sentence-transformers does. */
import { ProgressBar } from '../progress.ts';
import type { DownloadListener, HubFile } from './download.ts';

/** Draws downloads: `model.safetensors:   0%|          | 0.00/438M [00:00<?, ?B/s]`. */
export class DownloadBars implements DownloadListener {
  readonly #isShown: boolean;
  #bar: ProgressBar | undefined;

  constructor(isShown: boolean) {
    this.#isShown = isShown;
  }

  start(file: HubFile, resumed: number): void {
    if (!this.#isShown) return;
    this.#bar = new ProgressBar({ label: file.path, total: file.size, initial: resumed, unit: 'B' });
  }

  advance(received: number): void {
    this.#bar?.update(received);
  }

  finish(): void {
    this.#bar?.finish();
    this.#bar = undefined;
  }
}
