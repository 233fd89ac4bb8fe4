/** Draws the Vega and Vega-Lite charts of a notebook into the page, in both themes, with their values as a table. */
import { canStack, stacked } from '../../charts/columns.ts';
import type { HeatmapRecipe } from '../../charts/recipe.ts';
import { type ChartTable, chartTable, renderSvg } from '../../charts/render.ts';
import type { VegaLiteSpec } from '../../charts/spec.ts';
import { chartFont } from '../../charts/theme.ts';
import { type Html, html, nothing, trusted } from '../markup/markup.ts';
import type { StyleSheet } from '../markup/style-sheet.ts';
import { OWN_ID_PREFIX, type Sanitizer } from '../sanitize/sanitize.ts';
import type { PlacedRecipe } from './interactive.ts';
import { mergeThemes } from './themed-svg.ts';

const MAX_TABLE_ROWS = 500;
/** Smaller than this a chart's text cannot be read: it scrolls instead. */
const SMALLEST_SCALE = 0.7;

/** What drawing needs of the page. */
export interface ChartContext {
  styles: StyleSheet;
  sanitizer: Sanitizer;
  /** The specs drawn so far: a live page draws them again. */
  specs: VegaLiteSpec[];
  /** The heatmaps among them that were made from sentences. */
  recipes: PlacedRecipe[];
}

/** Whether a MIME type is a Vega-Lite spec of a version that we draw. */
export function isVegaLite(mime: string): boolean {
  return /^application\/vnd\.vegalite\.v[2-6](?:\.\d+)*\+json$/.test(mime);
}

/**
 * A chart as a figure.
 *
 * @param recipe what a heatmap was made from
 * @throws {Error} when the spec cannot be drawn, or asks for data from elsewhere
 */
export async function renderChart(
  spec: VegaLiteSpec,
  context: ChartContext,
  recipe?: HeatmapRecipe,
): Promise<Html> {
  const index = context.specs.length;
  const wide = await drawPicture(spec, `c${index}-`, context);
  // Narrow screens show the panels below each other: the drawing cannot move them, so there are two.
  const narrow = canStack(spec) ? await drawPicture(stacked(spec), `c${index}n-`, context) : undefined;
  const pictures = narrow
    ? html`<div class="wide">${wide.picture}</div><div class="narrow">${narrow.picture}</div>`
    : wide.picture;
  const width = narrow?.width ?? wide.width;
  const narrowest = context.styles.classFor({ light: `min-width:${Math.round(width * SMALLEST_SCALE)}px` });
  const table = await chartTable(spec).catch(() => undefined);
  context.specs.push(spec);
  if (recipe) context.recipes.push({ chart: index, recipe });
  return html`<figure class="chart" data-tsbert-chart="${index}"><div class="scroll" tabindex="0" role="group" aria-label="Chart"><div class="picture ${narrowest}">${pictures}</div></div>${table ? valuesTable(table) : nothing}</figure>`;
}

/** A chart's drawing in both themes, and its width in px. */
async function drawPicture(
  spec: VegaLiteSpec,
  id: string,
  { styles }: ChartContext,
): Promise<{ picture: Html; width: number }> {
  const idPrefix = `${OWN_ID_PREFIX}${id}`;
  const [light, dark] = await Promise.all([
    renderSvg(spec, { theme: 'light', transparent: true, idPrefix }),
    renderSvg(spec, { theme: 'dark', transparent: true, idPrefix }),
  ]);
  const merged = mergeThemes(light, dark, { styles, label: labelOf(light), font: chartFont });
  const width = Number(/ width="([\d.]+)"/.exec(light)?.[1] ?? 0);
  return { picture: merged ?? twoPictures(light, dark, idPrefix), width };
}

/** The name that the drawing was given, without the list of sentences. */
function labelOf(svg: string): string {
  const label = / aria-label="([^"]*)"/.exec(svg)?.[1] ?? 'Chart';
  return label.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

function twoPictures(light: string, dark: string, idPrefix: string): Html {
  const darkIds = dark.replaceAll(idPrefix, `${idPrefix}dark-`);
  return html`<div class="only-light">${trusted(light)}</div><div class="only-dark">${trusted(darkIds)}</div>`;
}

function valuesTable({ columns, rows }: ChartTable): Html {
  const shown = rows.slice(0, MAX_TABLE_ROWS);
  const left = rows.length - shown.length;
  return html`<details class="values"><summary>Show values as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="Values"><table><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${shown.map((row) => html`<tr>${row.map((cell) => html`<td${isNumeric(cell) && html` data-align="right"`}>${cell}</td>`)}</tr>\n`)}</tbody></table></div>${left > 0 && html`<p class="note">${left} more rows are in the notebook.</p>`}</details>`;
}

function isNumeric(text: string): boolean {
  return /^[−-]?[\d,.]+(?:e[+−-]?\d+)?%?$/i.test(text);
}
