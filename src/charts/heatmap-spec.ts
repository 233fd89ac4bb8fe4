/** Writes the Vega-Lite spec of one or several similarity heatmaps: plain data in, plain JSON out. */
import type { Json, VegaLiteSpec } from './spec.ts';
import { cutText, textWidth, wrapText } from './text-metrics.ts';
import { chartConfig, palettes } from './theme.ts';

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
const LABEL_WIDTH = 205;
const LABEL_FONT = 12.5;
/** Longest sentence kept for tooltips and screen readers, in characters. */
const SENTENCE_LIMIT = 200;

/** Sizes in px that shrink as the sentences grow in number. */
interface Sizes {
  step: number;
  cellFont: number;
  labelFont: number;
  labelLines: number;
  showValues: boolean;
}

function sizesFor(count: number): Sizes {
  if (count <= 8) return { step: 52, cellFont: 13, labelFont: LABEL_FONT, labelLines: 2, showValues: true };
  if (count <= 16) return { step: 42, cellFont: 12, labelFont: 12, labelLines: 2, showValues: true };
  if (count <= 40) return { step: 32, cellFont: 10.5, labelFont: 11.5, labelLines: 1, showValues: true };
  return { step: 14, cellFont: 8, labelFont: 10, labelLines: 1, showValues: false };
}

/**
 * The spec of a heatmap (one panel) or a comparison (several panels in a row, one shared colour scale).
 * Every cell carries a description for screen readers and a tooltip with both sentences.
 */
export function heatmapSpec(panels: readonly Panel[], texts: Texts): VegaLiteSpec {
  const { sentences, title, subtitle, firstNumber } = texts;
  const count = sentences.length;
  const sizes = sizesFor(count);
  const diverging = panels.some(({ rows }) =>
    rows.some((row, i) => row.slice(0, i).some((value) => value < CLEARLY_NEGATIVE)),
  );
  const shared = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: describeChart(panels, texts, diverging),
    title: { text: title, ...(subtitle && { subtitle }), anchor: 'start', frame: 'group' },
    data: {
      name: 'pairs',
      values: panels.flatMap((panel, index) => pairValues(panel, index, panels.length > 1, texts)),
    },
  };
  const look = {
    background: palettes.light.background,
    padding: 12,
    config: chartConfig('light'),
  };
  const views = panels.map((panel, index) =>
    panelView(panel, index, { sentences, firstNumber, sizes, diverging, single: panels.length === 1 }),
  );
  if (panels.length === 1) return { ...shared, ...views[0], ...look };
  const spacing = Math.max(36, 170 - count * sizes.step);
  return {
    ...shared,
    hconcat: views,
    spacing,
    bounds: 'flush',
    resolve: { scale: { color: 'shared' } },
    ...look,
  };
}

function describeChart(
  panels: readonly Panel[],
  { sentences, title, subtitle, firstNumber }: Texts,
  diverging: boolean,
): string {
  const names = panels.length > 1 ? panels.map((panel) => panel.title).join('; ') : subtitle;
  const about = `${title}${names ? ` (${names})` : ''}`;
  const list = sentences.map((sentence, i) => `${i + firstNumber}: ${shorten(sentence)}`).join(' ');
  const plural = sentences.length === 1 ? 'sentence' : 'sentences';
  return `Heatmap of cosine similarity between ${sentences.length} ${plural}: ${about}. Colours from ${diverging ? -1 : 0} to 1. ${list}`;
}

function shorten(sentence: string): string {
  const characters = [...sentence.replace(/\s+/gu, ' ').trim()];
  return characters.length <= SENTENCE_LIMIT
    ? characters.join('')
    : `${characters.slice(0, SENTENCE_LIMIT - 1).join('')}…`;
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
      a: shorten(sentences[i]!),
      b: shorten(sentences[j]!),
      sim,
    })),
  );
}

interface PanelContext {
  sentences: readonly string[];
  firstNumber: number;
  sizes: Sizes;
  diverging: boolean;
  single: boolean;
}

function panelView(panel: Panel, index: number, context: PanelContext): Json {
  const { sentences, firstNumber, sizes, single } = context;
  const mine = single ? [] : [{ filter: `datum.panel === ${index}` }];
  const pairs = [...mine, { filter: 'datum.row !== datum.col' }];
  const diagonal = [...mine, { filter: 'datum.row === datum.col' }];
  const position = cellPosition(sentences.length, firstNumber);
  return {
    width: { step: sizes.step },
    height: { step: sizes.step },
    ...(!single && { title: panelTitle(panel.title, sentences.length * sizes.step) }),
    layer: [
      ...(sentences.length > 1 ? [cells(pairs, position, context)] : []),
      ...(sentences.length > 1 && sizes.showValues ? [cellValues(pairs, position, context)] : []),
      ...diagonalLayers(diagonal, position, sizes),
      ...(index === 0 ? [sentenceLabels(position, context)] : []),
    ],
  };
}

function panelTitle(title: string, width: number): Json {
  const lines = wrapText(title, {
    width: Math.max(150, width - 10),
    maxLines: 3,
    fontSize: LABEL_FONT,
    bold: true,
  });
  return { text: lines, fontSize: LABEL_FONT, anchor: 'start', frame: 'group', offset: 10 };
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
function legend({ sentences, sizes, diverging, single }: PanelContext): Json {
  const base = {
    title: 'cosine similarity',
    format: diverging ? '+.1f' : '.1f',
    values: diverging ? [-1, -0.5, 0, 0.5, 1] : [0, 0.5, 1],
  };
  if (!single) return { ...base, orient: 'bottom', direction: 'horizontal', gradientLength: 200 };
  const side = sentences.length * sizes.step;
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
 * Right-aligned labels left of the rows. They are marks, as an axis label can carry no tooltip; each line is a
 * mark of its own, as renderers mix up the lines of a right-to-left text otherwise.
 */
function sentenceLabels({ y }: { y: Json }, { sentences, firstNumber, sizes }: PanelContext): Json {
  const { labelFont, labelLines } = sizes;
  return {
    data: {
      name: 'sentences',
      values: sentences.flatMap((sentence, i) =>
        labelLinesOf(sentence, i + firstNumber, { fontSize: labelFont, maxLines: labelLines }),
      ),
    },
    mark: {
      type: 'text',
      style: 'sentence-label',
      align: 'right',
      baseline: 'middle',
      fontSize: labelFont,
      x: -12,
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

/** `1. The sentence`, in as many lines as allowed, centred on the row; a blank sentence is named so. */
function labelLinesOf(sentence: string, row: number, style: { fontSize: number; maxLines: number }): Json[] {
  const full = shorten(sentence) || '(empty)';
  const lines = wrapLabel(`${row}. ${full}`, style);
  const lineHeight = Math.round(style.fontSize * 1.28);
  return lines.map((line, i) => ({ row, line, dy: (i - (lines.length - 1) / 2) * lineHeight, full }));
}

function wrapLabel(text: string, { fontSize, maxLines }: { fontSize: number; maxLines: number }): string[] {
  if (maxLines === 1) return [cutText(text, { width: LABEL_WIDTH, fontSize })];
  const balanced = Math.max(140, Math.min(LABEL_WIDTH, textWidth(text, { fontSize }) / 2 + 25));
  return wrapText(text, { width: balanced, maxLines, fontSize });
}
