/** Everything that this page has beside JupyterLab's own. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { exercises } from './exercises.ts';
import { freshness } from './freshness.ts';
import { logo } from './logo.ts';

export const plugins: JupyterFrontEndPlugin<void, JupyterFrontEnd.IShell>[] = [logo, exercises, freshness];
