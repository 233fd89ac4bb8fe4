/** The launcher's exercises: each opens as the learner's own copy. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { showErrorMessage } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ILauncher } from '@jupyterlab/launcher';
import { ServerConnection } from '@jupyterlab/services';
import { tsbertIcon } from './logo.ts';

/** An exercise as the server lists it. */
interface Exercise {
  name: string;
  title: string;
}

const COMMAND = 'tsbert:open-exercise';
const ADDRESS = '/tsbert/api/exercises';

export const exercises: JupyterFrontEndPlugin<void> = {
  id: 'tsbert:exercises',
  description: 'Offers the exercises in the launcher.',
  autoStart: true,
  optional: [ILauncher],
  async activate(app: JupyterFrontEnd, launcher: ILauncher | null) {
    app.commands.addCommand(COMMAND, {
      label: ({ title }) => (title ? String(title) : 'Open an exercise'),
      caption: 'Opens your own copy of it',
      icon: tsbertIcon,
      execute: ({ name }) => open(app, String(name)),
    });
    if (!launcher) return;
    const { exercises: list } = (await ask('GET', ADDRESS)) as { exercises: Exercise[] };
    for (const [rank, { name, title }] of list.entries()) {
      launcher.add({ command: COMMAND, category: 'Exercises', rank, args: { name, title } });
    }
  },
};

async function open(app: JupyterFrontEnd, name: string): Promise<void> {
  try {
    const { path } = (await ask('POST', `${ADDRESS}/${encodeURIComponent(name)}`)) as { path: string };
    await app.commands.execute('docmanager:open', { path });
  } catch (error) {
    await showErrorMessage('The exercise cannot be opened', (error as Error).message);
  }
}

async function ask(method: string, path: string): Promise<unknown> {
  const settings = ServerConnection.makeSettings();
  const response = await ServerConnection.makeRequest(
    URLExt.join(settings.baseUrl, path),
    { method },
    settings,
  );
  const answer = (await response.json()) as { message?: string };
  if (!response.ok) throw new Error(answer.message ?? response.statusText);
  return answer;
}
