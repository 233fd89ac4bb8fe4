/** tsbert's mark in the corner where JupyterLab shows its own. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import svgstr from './logo.svg';

/** The mark as JupyterLab's menus and launcher show it. */
export const tsbertIcon = new LabIcon({ name: 'tsbert:logo', svgstr });

export const logo: JupyterFrontEndPlugin<void> = {
  id: 'tsbert:logo',
  description: 'Shows the mark of tsbert.',
  autoStart: true,
  activate(app: JupyterFrontEnd) {
    const widget = new Widget();
    tsbertIcon.element({ container: widget.node, margin: '2px 5px', height: '18px', width: 'auto' });
    widget.id = 'tsbert-logo';
    widget.title.caption = 'tsbert';
    widget.node.title = 'tsbert';
    app.shell.add(widget, 'top', { rank: 0 });
  },
};
