/** Shows what a cell printed and displayed: each output in the richest form that a page without scripts can hold. */

import { type HeatmapRecipe, readRecipe } from '../../charts/recipe.ts';
import type { VegaLiteSpec } from '../../charts/spec.ts';
import type { MimeBundle, Output } from '../../jupyter/notebook/nbformat.ts';
import { attempt, type Units } from '../guard/units.ts';
import { type MarkdownContext, renderMarkdown, settleTables } from '../markdown/markdown.ts';
import { renderLatexOutput } from '../markdown/math.ts';
import { flattenHeadings } from '../markdown/outline.ts';
import { dataAddress, IMAGE_TYPES, imageHtml, settleImages } from '../markup/images.ts';
import { type Budget, cutText } from '../markup/limits.ts';
import { type Html, html } from '../markup/markup.ts';
import { fragmentHtml, note } from '../sanitize/sanitize.ts';
import { ansiToHtml, stripAnsi } from './ansi.ts';
import { type ChartContext, isVegaLite, renderChart } from './charts.ts';

/** Larger HTML is not parsed: the next form of the output is shown. */
const MAX_HTML = 3_000_000;
const MAX_JSON = 50_000;

/** What showing outputs needs of the page. */
export interface OutputContext extends MarkdownContext, ChartContext {
  budget: Budget;
  units: Units;
}

/** A bundle, and where it stands. */
interface BundleOutput {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  /** Unique in the page. */
  key: string;
  /** Text for a picture that has none of its own. */
  alt: string;
}

type Renderer = (
  output: BundleOutput,
  mime: string,
  context: OutputContext,
) => Promise<Html | undefined> | Html | undefined;

/** Forms of a bundle, the richest first, in Jupyter's order, and how each is shown; the first that works is taken. */
const RENDERERS: [matches: (mime: string) => boolean, render: Renderer][] = [
  [isVegaLite, ({ data, metadata }, mime, context) => chart(data[mime], readRecipe(metadata), context)],
  [(mime) => mime === 'text/html', htmlOutput],
  [(mime) => mime === 'text/markdown', markdownOutput],
  [(mime) => mime === 'image/svg+xml', svgOutput],
  [(mime) => mime === 'text/latex', ({ data }) => latexOutput(data['text/latex'])],
  [(mime) => (IMAGE_TYPES as readonly string[]).includes(mime), imageOutput],
  [(mime) => mime === 'application/json', ({ data }, mime) => jsonOutput(data[mime])],
  [(mime) => mime === 'text/plain', ({ data }, mime, context) => plainOutput(data[mime], context)],
];

/** Types that a front end draws with a script of its own. */
const SCRIPTED: [RegExp, string][] = [
  [/^application\/vnd\.jupyter\.widget-view\+json$/, 'An interactive widget'],
  [/^application\/vnd\.plotly\./, 'An interactive Plotly chart'],
  [/^application\/vnd\.bokeh/, 'An interactive Bokeh chart'],
  [/^application\/vnd\.vega(?:lite)?\./, 'A Vega chart'],
  [/^application\/javascript$/, 'Output made by a script'],
];

/** The outputs of a cell, streams that follow each other joined. */
export async function renderOutputs(
  outputs: readonly Output[],
  context: OutputContext,
  key: string,
  label: string,
): Promise<Html[]> {
  const shown: Html[] = [];
  for (const [i, output] of joinStreams(outputs).entries()) {
    shown.push(await renderOutput(output, context, { key: `${key}-${i}`, label }));
  }
  return shown;
}

function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    const continues =
      output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name;
    if (continues) joined[joined.length - 1] = { ...last, text: last.text + output.text };
    else joined.push(output);
  }
  return joined;
}

async function renderOutput(
  output: Output,
  context: OutputContext,
  { key, label }: { key: string; label: string },
): Promise<Html> {
  if (output.output_type === 'stream') {
    const block = await attempt(
      context.units,
      key,
      () => textBlock(output.text, 'stream', context),
      () => bareText(output.text),
    );
    if (output.name === 'stdout') return block;
    return html`<div class="stderr"><span class="tag">stderr</span>${block}</div>`;
  }
  if (output.output_type === 'error') {
    const plain = () => bareText(`${output.ename}: ${output.evalue}`);
    return attempt(context.units, key, () => errorOutput(output, context), plain);
  }
  const { data, metadata } = output;
  return renderBundle({ data, metadata, key, alt: label }, context);
}

async function renderBundle(output: BundleOutput, context: OutputContext): Promise<Html> {
  const types = Object.keys(output.data);
  const overran: string[] = [];
  for (const [matches, render] of RENDERERS) {
    const mime = types.find(matches);
    if (mime === undefined) continue;
    const shown = await attempt(
      context.units,
      `${output.key} ${mime}`,
      () => render(output, mime, context),
      () => void overran.push(mime),
    );
    if (shown) return html`${shown}${overran.length > 0 ? overrunNote(overran) : fallbackNote(types, mime)}`;
  }
  if (overran.length > 0) return note(`This output is left out: it ${OVERRUN} (${overran.join(', ')}).`);
  if (types.length === 0) return html``;
  return note(`This output is of a type that this page cannot show: ${types.join(', ')}.`);
}

const OVERRUN = 'took too long to draw, or too much memory';

function overrunNote(types: readonly string[]): Html {
  return note(`Shown here in a simpler form: ${types.join(', ')} ${OVERRUN}.`);
}

/** A text as it is, cut when it is long. */
export function bareText(text: string): Html {
  const { head, omitted, tail } = cutText(text);
  return html`<pre class="result" tabindex="0">${head}${omitted && ' … '}${tail}</pre>${note(`Shown here as text: it ${OVERRUN}.`)}`;
}

/** Says what a reader misses when only the text of something richer is shown. */
function fallbackNote(types: readonly string[], shown: string): Html | undefined {
  if (shown !== 'text/plain' && shown !== 'application/json') return undefined;
  const scripted = SCRIPTED.find(([pattern]) => types.some((mime) => pattern.test(mime)));
  if (scripted) return note(`${scripted[1]}, shown here as text: it needs a running notebook.`);
  if (types.includes('text/html'))
    return note('Shown here as text: its HTML is made by a script, or too large.');
  const unknown = types.find((mime) => mime !== shown && !RENDERERS.some(([matches]) => matches(mime)));
  return unknown ? note(`Shown here as text: this page cannot show ${unknown}.`) : undefined;
}

function textOf(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload ?? '', null, 2);
}

/** Preformatted text with its colours, cut when it is very long. */
function textBlock(text: string, className: string, { styles }: OutputContext): Html {
  const { head, omitted, tail } = cutText(text);
  const block = (part: string) =>
    html`<pre class="${className}"${className !== 'stream' && isWide(part) && html` tabindex="0"`}>${ansiToHtml(part, styles)}</pre>`;
  return html`${block(head)}${omitted && note(omitted)}${tail && block(tail)}`;
}

/** Lines that will scroll sideways, on narrow screens at least: the keyboard must reach them. Streams are wrapped. */
function isWide(text: string): boolean {
  return /[^\n]{36}/.test(text);
}

function plainOutput(payload: unknown, context: OutputContext): Html {
  return textBlock(textOf(payload), 'result', context);
}

function errorOutput(
  { ename, evalue, traceback }: { ename: string; evalue: string; traceback: string[] },
  context: OutputContext,
): Html {
  const summary = [ename, evalue].filter(Boolean).join(': ');
  const trace = traceback.join('\n');
  const text =
    stripAnsi(trace).includes(stripAnsi(evalue).split('\n')[0]!) && trace !== ''
      ? trace
      : [summary, trace].filter(Boolean).join('\n');
  return html`<div class="error"><span class="tag">error</span>${textBlock(text, 'traceback', context)}</div>`;
}

async function chart(
  payload: unknown,
  recipe: HeatmapRecipe | undefined,
  context: OutputContext,
): Promise<Html | undefined> {
  if (typeof payload !== 'object' || payload === null) return undefined;
  // A spec that cannot be drawn leaves its place to the bundle's next form.
  return renderChart(payload as VegaLiteSpec, context, recipe).catch((error: unknown) => {
    if (error instanceof RangeError) throw error;
    return undefined;
  });
}

async function htmlOutput(
  { data }: BundleOutput,
  mime: string,
  context: OutputContext,
): Promise<Html | undefined> {
  return renderHtml(textOf(data[mime]), context);
}

/** HTML of the notebook's, cleaned; undefined when it is too large, or nothing of it is left to be seen. */
export async function renderHtml(markup: string, context: OutputContext): Promise<Html | undefined> {
  if (markup.length > MAX_HTML || !context.budget.take(markup.length)) return undefined;
  const fragment = context.sanitizer.clean(markup);
  const { root } = fragment;
  const isEmpty = (root.textContent ?? '').trim() === '';
  if (isEmpty && !root.querySelector('img, svg, table, video, audio, hr, math')) return undefined;
  await settleImages(root, { readImage: context.readImage });
  flattenHeadings(root);
  settleTables(root);
  const isColoured = root.querySelector('[style*="color"], [style*="background"], svg') !== null;
  return html`<div class="html${isColoured ? ' paper' : ''}">${fragmentHtml(fragment)}</div>`;
}

async function markdownOutput(
  { data, key }: BundleOutput,
  mime: string,
  context: OutputContext,
): Promise<Html> {
  return html`<div class="markdown">${await renderMarkdown(textOf(data[mime]), context, { key, isOutput: true })}</div>`;
}

/** An SVG document stands in an `<img>`: its styles and ids stay inside, and nothing in it can run. */
function svgOutput(
  { data, metadata, alt }: BundleOutput,
  mime: string,
  { sanitizer, budget }: OutputContext,
): Html | undefined {
  const markup = textOf(data[mime]);
  if (markup.length > MAX_HTML * 3 || !budget.take(markup.length * 1.4)) return undefined;
  const svg = sanitizer.cleanSvg(markup);
  if (!svg) return undefined;
  const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return html`<p class="picture paper">${imageHtml(address, { alt: altOf(data, metadata, mime, alt), metadata: metadataOf(metadata, mime) })}</p>`;
}

function imageOutput(
  { data, metadata, alt }: BundleOutput,
  mime: string,
  { budget }: OutputContext,
): Html | undefined {
  const address = dataAddress(mime, data[mime]);
  if (!address) return undefined;
  if (!budget.take(address.length))
    return note('A picture is left out here: the page would grow too large. The notebook has it.');
  const text = altOf(data, metadata, mime, alt);
  return html`<p class="picture paper">${imageHtml(address, { alt: text, metadata: metadataOf(metadata, mime) })}</p>`;
}

function metadataOf(metadata: Record<string, unknown>, mime: string): Record<string, unknown> {
  const own = metadata[mime];
  return typeof own === 'object' && own !== null ? (own as Record<string, unknown>) : {};
}

/** The text that the notebook gives for a picture, else what it is. */
function altOf(data: MimeBundle, metadata: Record<string, unknown>, mime: string, fallback: string): string {
  const { alt } = metadataOf(metadata, mime);
  if (typeof alt === 'string' && alt !== '') return alt;
  const plain = typeof data['text/plain'] === 'string' ? data['text/plain'].trim() : '';
  return plain !== '' && plain.length <= 200 && !plain.startsWith('<') ? plain : fallback;
}

function latexOutput(payload: unknown): Html {
  return html`<div class="latex">${renderLatexOutput(textOf(payload))}</div>`;
}

function jsonOutput(payload: unknown): Html {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2);
  const cut = text.length > MAX_JSON;
  return html`<pre class="result" tabindex="0">${cut ? text.slice(0, MAX_JSON) : text}</pre>${cut && note('This goes on in the notebook.')}`;
}
