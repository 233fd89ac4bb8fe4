/** Draws Vega-Lite specs without a browser: SVG by Vega itself, PNG from the SVG. Nothing is fetched. */
import type { Loader, Spec, View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { loadsSomething } from '../text/css-references.ts';
import { unescapeHtml } from '../text/escape-html.ts';
import { textWidth } from './labels/text-metrics.ts';
import type { Json, VegaLiteSpec } from './spec.ts';
import { type Theme, withTheme } from './theme.ts';

/** How a spec is drawn. */
export interface RenderOptions {
  /** @default 'light' */
  theme?: Theme;
  /** Leave out the chart's own background, so that the page shows through. @default false */
  transparent?: boolean;
  /** Put before every id in the SVG: several pictures in one page would share gradients otherwise. @default 'vega-' */
  idPrefix?: string;
}

/** A picture: its bytes, and its size in CSS pixels. */
export interface Png {
  png: Uint8Array;
  width: number;
  height: number;
}

/**
 * Draws any Vega-Lite spec as SVG. Expressions run in Vega's interpreter, never as compiled code, and data is
 * taken from the spec alone.
 *
 * @throws {Error} when the spec is not Vega-Lite, or asks for data from a file or an address
 * @example await renderSvg(chart.toSpec(), { theme: 'dark' })
 */
export async function renderSvg(spec: VegaLiteSpec, options: RenderOptions = {}): Promise<string> {
  const { theme = 'light', transparent = false, idPrefix = 'vega-' } = options;
  const svg = await drawSvg(withTheme(spec, theme, transparent));
  return renameIds(nameSvg(dropReferences(svg), describe(spec)), idPrefix);
}

/** A colour of the spec's may be an address: what the picture would load goes. */
function dropReferences(svg: string): string {
  return svg.replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/ (?!aria-)[\w:-]+="([^"]*)"/g, (attribute, value: string) =>
      loadsSomething(unescapeHtml(value)) ? '' : attribute,
    ),
  );
}

/** The values behind a chart's marks, as columns of text. */
export interface ChartTable {
  columns: string[];
  rows: string[][];
}

/**
 * The values that a chart shows, as its tooltips tell them: for those who cannot see the picture. Of several
 * marks that show the same values one is taken.
 *
 * @returns undefined when no mark carries values
 */
export async function chartTable(spec: VegaLiteSpec): Promise<ChartTable | undefined> {
  const config = { mark: { tooltip: true }, ...(spec.config as Json | undefined) };
  return withView({ ...spec, config }, async (view) => {
    await view.runAsync();
    return tableOf((view.scenegraph() as unknown as { root: SceneItem }).root);
  });
}

async function drawSvg(spec: VegaLiteSpec): Promise<string> {
  return withView(spec, (view) => view.toSVG());
}

/** Compiles a spec and runs it, with Vega's interpreter and without any way to load something. */
async function withView<T>(spec: VegaLiteSpec, use: (view: View) => Promise<T>): Promise<T> {
  const [vega, vegaLite, { expressionInterpreter }] = await loadVega();
  // Vega marks the rows of the data it is given, so it gets a copy.
  const copy = structuredClone(spec) as unknown as TopLevelSpec;
  const compiled = vegaLite.compile(copy, { logger: silentLogger }).spec as Spec;
  const runtime = vega.parse(compiled, undefined, { ast: true } as never);
  const refused: string[] = [];
  const view = new vega.View(runtime, {
    renderer: 'none',
    loader: refusingLoader(refused),
    logger: silentLogger,
    expr: expressionInterpreter,
  } as never);
  try {
    const result = await use(view);
    if (refused.length === 0) return result;
    throw new Error(`A chart takes data from its spec alone, but this one asks for ${refused.join(', ')}.`);
  } finally {
    view.finalize();
  }
}

/** A node of Vega's scene: a mark with items, or an item, which may hold marks itself. */
interface SceneItem {
  marktype?: string;
  role?: string;
  items?: SceneItem[];
  tooltip?: unknown;
}

function tableOf(root: SceneItem): ChartTable | undefined {
  const tables = new Map<string, { columns: string[]; rows: string[][]; seen: Set<string> }>();
  for (const records of tooltipRecords(root)) {
    const columns = Object.keys(records[0]!);
    const rows = records.map((record) => columns.map((column) => String(record[column] ?? '')));
    const table = tables.get(columns.join('|')) ?? { columns, rows: [], seen: new Set<string>() };
    const key = JSON.stringify(rows);
    if (!table.seen.has(key)) table.rows.push(...rows);
    table.seen.add(key);
    tables.set(columns.join('|'), table);
  }
  const [widest] = [...tables.values()].sort((a, b) => b.columns.length - a.columns.length);
  return widest && { columns: widest.columns, rows: widest.rows };
}

/** For every mark its items' tooltips, where they name their values. */
function tooltipRecords(item: SceneItem): Json[][] {
  const items = item.items ?? [];
  const deeper = items.flatMap(tooltipRecords);
  if (item.marktype === undefined || item.marktype === 'group') return deeper;
  const records = items.map(({ tooltip }) => tooltip).filter(isRecord);
  return records.length > 0 ? [...deeper, records] : deeper;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Vega and its helpers, loaded at the first chart: `import 'tsbert'` stays cheap. */
async function loadVega() {
  const modules = await Promise.all([import('vega'), import('vega-lite'), import('vega-interpreter')]);
  // Without a canvas Vega guesses 0.8 em for every character and cuts labels short.
  (modules[0] as unknown as { textMetrics: { width: unknown } }).textMetrics.width = measureItem;
  return modules;
}

interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
  limit?: number;
}

function measureItem(item: TextItem, text?: unknown): number {
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
  return textWidth(text === undefined || text === null ? '' : String(text), {
    fontSize: item.fontSize ?? 11,
    bold,
  });
}

/**
 * A loader that opens nothing, and keeps what was asked for: Vega draws on without it. Links of marks are left
 * out without a word, as a picture has none.
 */
function refusingLoader(refused: string[]): Loader {
  const refuse = (uri: string, options?: { context?: string }) => {
    // Vega does not wait for links: a refusal would end the process as an unhandled rejection.
    if (options?.context === 'href') return Promise.resolve({});
    refused.push(uri);
    return Promise.reject(new Error(`refused ${uri}`));
  };
  return { options: {}, load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as Loader;
}

const silentLogger = {
  level: () => silentLogger,
  error: (...parts: unknown[]): never => {
    const [first] = parts;
    throw first instanceof Error ? first : new Error(parts.map(String).join(' '));
  },
  warn: () => silentLogger,
  info: () => silentLogger,
  debug: () => silentLogger,
} as never;

function describe(spec: VegaLiteSpec): string {
  if (typeof spec.description === 'string' && spec.description !== '') return spec.description;
  const title = isTitle(spec.title) ? spec.title.text : spec.title;
  return typeof title === 'string' || Array.isArray(title) ? [title].flat().join(' ') : 'Chart';
}

function isTitle(title: unknown): title is { text: unknown } {
  return typeof title === 'object' && title !== null && 'text' in title;
}

/** Makes the whole picture one named image for screen readers: Vega's headless SVG has no name. */
function nameSvg(svg: string, label: string): string {
  // By a function: in a text, $' and its like would stand for parts of the picture.
  return svg.replace(/^<svg /, () => `<svg role="img" aria-label="${escapeAttribute(label)}" `);
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"<>\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Numbers the ids of a picture from 0: Vega counts on from picture to picture. */
function renameIds(svg: string, prefix: string): string {
  const names = new Map<string, string>();
  for (const [, id] of svg.matchAll(/ id="([^"]+)"/g)) names.set(id!, `${prefix}${names.size}`);
  const rename = (id: string) => names.get(id) ?? id;
  return svg
    .replace(/ id="([^"]+)"/g, (_, id: string) => ` id="${rename(id)}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${rename(id)})`);
}

/** Turns SVG into PNG. */
export type PngRenderer = (svg: string, options: { scale: number }) => Png;

/** The PNG renderer, or undefined where its binary does not exist for this platform. */
export async function loadPngRenderer(): Promise<PngRenderer | undefined> {
  try {
    const { Resvg } = await import('@resvg/resvg-js');
    return (svg, { scale }) => {
      const resvg = new Resvg(svg, {
        fitTo: { mode: 'zoom', value: scale },
        font: { loadSystemFonts: true, defaultFontFamily: 'Arial' },
      });
      const png = resvg.render().asPng();
      // Width and height stand at a fixed place in a PNG's first chunk.
      const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
      return { png, width: Math.round(width / scale), height: Math.round(height / scale) };
    };
  } catch {
    return undefined;
  }
}

/**
 * Draws an SVG as PNG.
 *
 * @param options.scale - pixels for one CSS pixel
 * @throws {Error} when there is no PNG renderer for this platform
 */
export async function renderPng(svg: string, options: { scale: number }): Promise<Png> {
  const render = await loadPngRenderer();
  if (!render)
    throw new Error('Cannot draw a PNG: @resvg/resvg-js has no binary for this platform. Use the SVG.');
  return render(svg, options);
}
