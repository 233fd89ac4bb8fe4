/** Runs in an interactive page: starts the worker, hands it the models, and puts a playground below each heatmap. */
import { IDS, type PageData } from '../export/outputs/page-data.ts';
import { EncodingClient } from './encoding-client.ts';
import { type DrawChart, Playground } from './playground.ts';

/** What the live page's own script leaves behind: Vega, once it is ready. */
interface LivePage {
  tsbertCharts: Promise<unknown>;
  vegaEmbed(element: HTMLElement, spec: object, options: object): Promise<unknown>;
}

const drawChart: DrawChart = async (element, spec) => {
  const live = globalThis as unknown as LivePage;
  await live.tsbertCharts;
  return live.vegaEmbed(element, spec, {
    mode: 'vega-lite',
    renderer: 'svg',
    actions: false,
    ast: true,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  });
};

/** @param prefix stands before the page's own ids */
function startPage(prefix: string): void {
  const textOf = (id: string) => document.getElementById(prefix + id)?.textContent ?? '';
  const { recipes, models }: PageData = JSON.parse(textOf(IDS.data));
  const script = URL.createObjectURL(new Blob([textOf(IDS.worker)], { type: 'text/javascript' }));
  const client = new EncodingClient(new Worker(script));
  const playgrounds = recipes.flatMap((recipe) => {
    const figure = document.querySelector<HTMLElement>(`[data-tsbert-chart="${recipe.chart}"]`);
    return figure ? [new Playground(figure, recipe, { client, draw: drawChart })] : [];
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const playground of playgrounds) void playground.redraw();
  });
  // The page is to be read first: the models are unpacked when the browser has nothing else to do.
  const whenIdle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
  whenIdle(() => models.forEach((name, i) => void client.addModel(name, textOf(IDS.model + i))));
}

startPage((document.currentScript as HTMLScriptElement).dataset.prefix ?? '');
