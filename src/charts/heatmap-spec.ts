/** Writes the Vega-Lite spec of one or several similarity heatmaps: plain data in, plain JSON out. */
import { COLUMNS, columnsParameter } from './columns.ts';
import { LINE_HEIGHT, labelLines, MAX_LABEL_LINES } from './labels/label-lines.ts';
import { wrapText } from './labels/text-metrics.ts';
import type { Json, VegaLiteSpec } from './spec.ts';
import { chartConfig, palettes } from './theme.ts';
import { chartTitle } from './title.ts';

/** One triangle: its similarities [n, n] and the name above it. */
export interface Panel {
  rows: readonly (readonly number[])[];
  title: string;
}

interface Texts {
  sentences: readonly string[];
  title: string;
  subtitle?: string | undefined;
  /** Number of the first sentence. */
  firstNumber: number;
}

/** Below this a value is clearly negative, and the colours diverge around 0. */
const CLEARLY_NEGATIVE = -0.1;
const PADDING = 12;
/** Between the labels and the cells. */
const LABEL_GAP = 10;
const PANEL_TITLE_FONT = 12.5;
/** Longest sentence kept for the tooltip of its label, and for those of cells and screen readers, in characters. */
const SENTENCE_LIMIT = 1000;
const PAIR_LIMIT = 200;

/** Sizes in px that shrink as the sentences grow in number. */
interface Sizes {
  step: number;
  /** Height of a row: as a label with the most lines needs it. */
  rowHeight: number;
  cellFont: number;
  labelFont: number;
  labelWidth: number;
  showValues: boolean;
}

/** A sentence's number and its label, line by line. */
interface Label {
  row: number;
  lines: string[];
  full: string;
}

function sizesFor(count: number): Omit<Sizes, 'rowHeight'> & { maxLines: number } {
  const few = { labelWidth: 200, maxLines: MAX_LABEL_LINES, showValues: true };
  if (count <= 8) return { ...few, step: 48, cellFont: 12.5, labelFont: 12 };
  if (count <= 16) return { ...few, step: 40, cellFont: 12, labelFont: 11.5 };
  const many = { ...few, labelWidth: 260 };
  if (count <= 40) return { ...many, step: 32, cellFont: 10.5, labelFont: 11.5 };
  return { ...many, step: 14, cellFont: 8, labelFont: 10, maxLines: 1, showValues: false };
}

/** Every label `1. The sentence` in its lines, and the sizes that suit them; a blank sentence is named so. */
function layOut(sentences: readonly string[], firstNumber: number): { sizes: Sizes; labels: Label[] } {
  const { maxLines, ...base } = sizesFor(sentences.length);
  const style = { width: base.labelWidth, maxLines, fontSize: base.labelFont };
  const labels = sentences.map((sentence, i) => {
    const full = shorten(sentence, SENTENCE_LIMIT) || '(empty)';
    return { row: i + firstNumber, lines: labelLines(`${i + firstNumber}. ${full}`, style), full };
  });
  const mostLines = Math.max(...labels.map(({ lines }) => lines.length));
  const highest = Math.ceil(mostLines * base.labelFont * LINE_HEIGHT + 5);
  return {
    sizes: { ...base, rowHeight: mostLines === 1 ? base.step : Math.max(base.step, highest) },
    labels,
  };
}

/**
 * The spec of a heatmap (one panel) or a comparison (several panels in a row, one shared colour scale).
 * Every cell carries a description for screen readers and a tooltip with both sentences.
 */
export function heatmapSpec(panels: readonly Panel[], texts: Texts): VegaLiteSpec {
  const { sentences, title, subtitle, firstNumber } = texts;
  const { sizes, labels } = layOut(sentences, firstNumber);
  const diverging = panels.some(({ rows }) =>
    rows.some((row, i) => row.slice(0, i).some((value) => value < CLEARLY_NEGATIVE)),
  );
  const shared = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: describeChart(panels, texts, diverging),
    title: chartTitle({ title, subtitle }, Math.max(250, sentences.length * sizes.step)),
    data: {
      name: 'pairs',
      values: panels.flatMap((panel, index) => pairValues(panel, index, panels.length > 1, texts)),
    },
  };
  const look = {
    background: palettes.page.background,
    padding: PADDING,
    config: chartConfig('page'),
  };
  const views = panels.map((panel, index) =>
    panelView(panel, index, { labels, firstNumber, sizes, diverging, single: panels.length === 1 }),
  );
  if (panels.length === 1) return { ...shared, ...views[0], ...look };
  return {
    ...shared,
    ...inColumns(views, sizes, sentences.length),
    resolve: { scale: { color: 'shared' } },
    ...look,
  };
}

/** The panels side by side where there is room for them, else below each other. */
function inColumns(views: Json[], { step, labelWidth }: Sizes, count: number): Json {
  const panel = count * step;
  const gap = Math.max(24, 170 - panel);
  const widths = { fixed: labelWidth + LABEL_GAP + 2 * PADDING, panel, gap };
  return {
    params: [columnsParameter(views.length, widths)],
    concat: views,
    columns: { signal: COLUMNS },
    autosize: { type: 'pad', resize: true },
    spacing: { row: 60, column: gap },
    bounds: 'flush',
  };
}

function describeChart(
  panels: readonly Panel[],
  { sentences, title, subtitle, firstNumber }: Texts,
  diverging: boolean,
): string {
  const names = panels.length > 1 ? panels.map((panel) => panel.title).join('; ') : subtitle;
  const about = `${title}${names ? ` (${names})` : ''}`;
  const list = sentences
    .map((sentence, i) => `${i + firstNumber}: ${shorten(sentence, PAIR_LIMIT)}`)
    .join(' ');
  const plural = sentences.length === 1 ? 'sentence' : 'sentences';
  return `Heatmap of cosine similarity between ${sentences.length} ${plural}: ${about}. Colours from ${diverging ? -1 : 0} to 1. ${list}`;
}

/** A sentence on one line, without its middle where it is longer than `limit` characters. */
function shorten(sentence: string, limit: number): string {
  const characters = [...sentence.replace(/\s+/gu, ' ').trim()];
  if (characters.length <= limit) return characters.join('');
  const half = Math.floor((limit - 1) / 2);
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}

/** One row of data for every cell of the lower triangle. */
function pairValues(
  { rows, title }: Panel,
  panel: number,
  named: boolean,
  { sentences, firstNumber }: Texts,
): Json[] {
  return rows.flatMap((row, i) =>
    row.slice(0, i + 1).map((sim, j) => ({
      ...(named && { panel, model: title }),
      row: i + firstNumber,
      col: j + firstNumber,
      a: shorten(sentences[i]!, PAIR_LIMIT),
      b: shorten(sentences[j]!, PAIR_LIMIT),
      sim,
    })),
  );
}

interface PanelContext {
  labels: readonly Label[];
  firstNumber: number;
  sizes: Sizes;
  diverging: boolean;
  single: boolean;
}

function panelView(panel: Panel, index: number, context: PanelContext): Json {
  const { labels, firstNumber, sizes, single } = context;
  const mine = single ? [] : [{ filter: `datum.panel === ${index}` }];
  const pairs = [...mine, { filter: 'datum.row !== datum.col' }];
  const diagonal = [...mine, { filter: 'datum.row === datum.col' }];
  const position = cellPosition(labels.length, firstNumber);
  return {
    width: { step: sizes.step },
    height: { step: sizes.rowHeight },
    ...(!single && { title: panelTitle(panel.title, labels.length * sizes.step) }),
    layer: [
      ...(labels.length > 1 ? [cells(pairs, position, context)] : []),
      ...(labels.length > 1 && sizes.showValues ? [cellValues(pairs, position, context)] : []),
      ...diagonalLayers(diagonal, position, sizes),
      sentenceLabels(position, index, context),
    ],
  };
}

function panelTitle(title: string, width: number): Json {
  const lines = wrapText(title, {
    width: Math.max(150, width - 10),
    maxLines: 3,
    fontSize: PANEL_TITLE_FONT,
    bold: true,
  });
  return { text: lines, fontSize: PANEL_TITLE_FONT, anchor: 'start', frame: 'group', offset: 10 };
}

function cellPosition(count: number, firstNumber: number): { x: Json; y: Json } {
  const domain = Array.from({ length: count }, (_, i) => i + firstNumber);
  const scale = { domain, paddingInner: 0.05, paddingOuter: 0 };
  return {
    x: { field: 'col', type: 'ordinal', scale, axis: null },
    y: { field: 'row', type: 'ordinal', scale, axis: null },
  };
}

function pairTooltip(single: boolean): Json[] {
  return [
    { field: 'sim', title: 'cosine similarity', format: '.4f' },
    { field: 'a', title: 'sentence A' },
    { field: 'b', title: 'sentence B' },
    ...(single ? [] : [{ field: 'model', title: 'model' }]),
  ];
}

function cells(transform: Json[], position: { x: Json; y: Json }, context: PanelContext): Json {
  const { diverging, single, sizes } = context;
  const scale = {
    domain: diverging ? [-1, 1] : [0, 1],
    clamp: true,
    interpolate: 'lab',
    range: diverging ? 'diverging' : 'heatmap',
  };
  const described = "'Sentences ' + datum.row + ' and ' + datum.col + ': ' + format(datum.sim, '.2f')";
  return {
    transform: [...transform, { calculate: described, as: 'desc' }],
    mark: { type: 'rect', cornerRadius: Math.min(3, sizes.step / 8) },
    encoding: {
      ...position,
      color: { field: 'sim', type: 'quantitative', scale, legend: legend(context) },
      description: { field: 'desc' },
      tooltip: pairTooltip(single),
    },
  };
}

/** The legend stands in the empty triangle, where that is large enough; else beside or below the cells. */
function legend({ labels, sizes, diverging, single }: PanelContext): Json {
  const base = {
    title: 'cosine similarity',
    format: diverging ? '+.1f' : '.1f',
    values: diverging ? [-1, -0.5, 0, 0.5, 1] : [0, 0.5, 1],
  };
  if (!single) return { ...base, orient: 'bottom', direction: 'horizontal', gradientLength: 200 };
  const side = labels.length * sizes.step;
  const x = side - 55;
  if (x < 3 * sizes.step - 8 || side < 208) return { ...base, orient: 'right', gradientLength: 90 };
  return { ...base, orient: 'none', direction: 'vertical', legendX: x, legendY: 2, gradientLength: 109 };
}

function cellValues(
  transform: Json[],
  position: { x: Json; y: Json },
  { single, sizes }: PanelContext,
): Json {
  const cell = "scale('color', datum.sim)";
  return {
    transform: [...transform, { calculate: "format(datum.sim, '.2f')", as: 'text' }],
    mark: { type: 'text', fontSize: sizes.cellFont, aria: false },
    encoding: {
      ...position,
      text: { field: 'text' },
      // Black or white, whichever reads better: one of the two always has a contrast above 4.5.
      color: {
        condition: { test: `contrast('#fff', ${cell}) > contrast('#000', ${cell})`, value: '#fff' },
        value: '#000',
      },
      tooltip: pairTooltip(single),
    },
  };
}

function diagonalLayers(
  transform: Json[],
  position: { x: Json; y: Json },
  { cellFont, step }: Sizes,
): Json[] {
  const tooltip = [{ field: 'a', title: 'sentence' }];
  return [
    {
      transform,
      mark: { type: 'rect', style: 'diagonal-cell', cornerRadius: Math.min(3, step / 8), aria: false },
      encoding: { ...position, tooltip },
    },
    {
      transform,
      mark: { type: 'text', style: 'diagonal-number', fontSize: cellFont, fontWeight: 'bold', aria: false },
      encoding: { ...position, text: { field: 'row' }, tooltip },
    },
  ];
}

/**
 * Right-aligned labels left of the first panel of a row. They are marks, as an axis label can carry no tooltip; each
 * line is a mark of its own, as renderers mix up the lines of a right-to-left text otherwise.
 */
function sentenceLabels({ y }: { y: Json }, index: number, { labels, sizes }: PanelContext): Json {
  const { labelFont } = sizes;
  return {
    data: {
      name: index === 0 ? 'sentences' : `sentences${index}`,
      values: labels.flatMap((label) => labelMarks(label, labelFont)),
    },
    ...(index > 0 && { transform: [{ filter: `${index} % ${COLUMNS} === 0` }] }),
    mark: {
      type: 'text',
      style: 'sentence-label',
      align: 'right',
      baseline: 'middle',
      fontSize: labelFont,
      x: -LABEL_GAP,
      dy: { expr: 'datum.dy' },
    },
    encoding: {
      y,
      text: { field: 'line' },
      description: { field: 'line' },
      tooltip: [{ field: 'full', title: 'sentence' }],
    },
  };
}

/** The lines of a label, centred on its row. */
function labelMarks({ row, lines, full }: Label, fontSize: number): Json[] {
  const lineHeight = fontSize * LINE_HEIGHT;
  return lines.map((line, i) => ({
    row,
    line,
    dy: Math.round((i - (lines.length - 1) / 2) * lineHeight),
    full,
  }));
}
