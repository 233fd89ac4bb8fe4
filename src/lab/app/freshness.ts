/** Marks cells whose results are out of date, and offers to run them again: the kernel's comm tells which. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { CommandToolbarButton, Dialog, ICommandPalette, showDialog } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { refreshIcon } from '@jupyterlab/ui-components';
import './freshness.css';

/** One cell to run again, as the kernel tells it. */
interface StaleCell {
  /** Null for a cell that ran without its id. */
  cell_id: string | null;
  reasons: string[];
  /** What the cell does beside computing, such as `prompt`. */
  effects: string[];
}

const TARGET = 'tsbert.freshness';
const KERNEL = 'tsbert';
const COMMAND = 'tsbert:run-out-of-date';
const MARK = 'tsbert-outOfDate';
/** Where the button stands among the toolbar's: behind the one that runs everything. */
const BEHIND = 'restart-and-run';

export const freshness: JupyterFrontEndPlugin<void> = {
  id: 'tsbert:freshness',
  description: 'Marks cells that are out of date, and runs them again.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette],
  activate({ commands }: JupyterFrontEnd, tracker: INotebookTracker, palette: ICommandPalette | null) {
    const watched = new Map<NotebookPanel, FreshnessOf>();
    const current = () => watched.get(tracker.currentWidget as NotebookPanel);
    commands.addCommand(COMMAND, {
      label: () => labelOf(current()),
      caption: () => current()?.caption ?? 'Run the cells whose results are out of date',
      icon: refreshIcon,
      isEnabled: () => (current()?.stale.length ?? 0) > 0,
      execute: () => current()?.run(),
    });
    commands.addKeyBinding({ command: COMMAND, keys: ['Accel Alt Enter'], selector: '.jp-Notebook' });
    palette?.addItem({ command: COMMAND, category: 'Notebook Cell Operations' });
    tracker.widgetAdded.connect((_, panel) => {
      watched.set(panel, new FreshnessOf(panel, () => commands.notifyCommandChanged(COMMAND)));
      const button = new CommandToolbarButton({ commands, id: COMMAND });
      panel.toolbar.insertAfter(BEHIND, 'tsbert-run-out-of-date', button);
      panel.disposed.connect(() => watched.delete(panel));
    });
    tracker.currentChanged.connect(() => commands.notifyCommandChanged(COMMAND));
  },
};

function labelOf(freshnessOf: FreshnessOf | undefined): string {
  const count = freshnessOf?.stale.length ?? 0;
  if (count === 0) return 'Run What Is Out of Date';
  return count === 1 ? 'Run 1 Cell That Is Out of Date' : `Run ${count} Cells That Are Out of Date`;
}

/** What is out of date in one notebook. */
class FreshnessOf {
  stale: readonly StaleCell[] = [];
  readonly #panel: NotebookPanel;
  readonly #changed: () => void;
  #comm: Kernel.IComm | undefined;

  constructor(panel: NotebookPanel, changed: () => void) {
    this.#panel = panel;
    this.#changed = changed;
    const { sessionContext, content } = panel;
    sessionContext.statusChanged.connect(() => this.#connect());
    sessionContext.kernelChanged.connect(() => this.#forget());
    content.modelContentChanged.connect(() => this.#mark());
    this.#connect();
  }

  /** The reasons, for who points at the button. */
  get caption(): string | undefined {
    const reasons = [...new Set(this.stale.flatMap((cell) => cell.reasons))];
    return reasons.length > 0 ? `${reasons.join('. ')}.` : undefined;
  }

  /** Runs the cells in the kernel's order; what does more than compute is asked about first. */
  async run(): Promise<void> {
    const cells = this.stale.flatMap(
      ({ cell_id: id }) => this.#cells().find(({ model }) => model.id === id) ?? [],
    );
    const effects = [...new Set(this.stale.flatMap((cell) => cell.effects))];
    if (effects.length > 0 && !(await isMeant(effects))) return;
    await NotebookActions.runCells(this.#panel.content, cells, this.#panel.sessionContext);
  }

  /** Opens the comm once the kernel can answer; a restarted kernel has lost it. */
  #connect(): void {
    const kernel = this.#panel.sessionContext.session?.kernel;
    if (kernel?.status === 'restarting' || kernel?.status === 'autorestarting') this.#forget();
    if (kernel?.name !== KERNEL || kernel.status !== 'idle') return;
    if (this.#comm && !this.#comm.isDisposed) return;
    const comm = kernel.createComm(TARGET);
    this.#comm = comm;
    comm.onMsg = ({ content }) => {
      this.stale = (content.data as { out_of_date?: StaleCell[] }).out_of_date ?? [];
      this.#mark();
      this.#changed();
    };
    comm.open();
  }

  #forget(): void {
    this.#comm = undefined;
    this.stale = [];
    this.#mark();
    this.#changed();
  }

  #mark(): void {
    const byId = new Map(this.stale.map((cell) => [cell.cell_id, cell]));
    for (const { model, node } of this.#cells()) {
      const cell = byId.get(model.id);
      node.classList.toggle(MARK, cell !== undefined);
      if (cell) node.title = ['Out of date', ...cell.reasons].join('. ');
      else if (node.title.startsWith('Out of date')) node.removeAttribute('title');
    }
  }

  #cells(): readonly Cell[] {
    return this.#panel.content.widgets;
  }
}

async function isMeant(effects: readonly string[]): Promise<boolean> {
  const { button } = await showDialog({
    title: 'Run the cells again?',
    body: `Among them are cells that do more than compute: ${effects.join(', ')}.`,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Run' })],
  });
  return button.accept;
}
