/** A chart as a value of a notebook cell: shown interactively, as a picture where there is no Vega, else as text. */
import { type HeatmapRecipe, RECIPE_KEY } from './recipe.ts';
import { loadPngRenderer, renderSvg } from './render.ts';
import { VEGA_LITE_MIME, type VegaLiteSpec } from './spec.ts';

const display: unique symbol = Symbol.for('Jupyter.display') as never;
const displayMetadata: unique symbol = Symbol.for('Jupyter.displayMetadata') as never;

/** Pixels of the picture for one CSS pixel. */
const PNG_SCALE = 2;

/**
 * A Vega-Lite chart. The last value of a cell shows itself; `toSpec()` gives the spec to keep or change.
 *
 * @example heatmap([[1, 0.5], [0.5, 1]], { sentences: ['a', 'b'] }).toSpec().$schema // 'https://vega.github.io/schema/vega-lite/v5.json'
 */
export class Chart {
  readonly spec: VegaLiteSpec;
  readonly #text: string;
  readonly #metadata: Record<string, unknown> = {
    // Without vega-embed's own style the chart stands in a block, whose width the chart can measure.
    [VEGA_LITE_MIME]: { embed_options: { renderer: 'svg', actions: false, defaultStyle: false } },
  };

  /**
   * @param spec - a Vega-Lite v5 spec with its data inside
   * @param text - what is shown where neither Vega nor a picture can be
   * @param recipe - what a heatmap was made from, for pages that make it again
   */
  constructor(spec: VegaLiteSpec, text: string, recipe?: HeatmapRecipe) {
    this.spec = spec;
    this.#text = text;
    if (recipe) this.#metadata[RECIPE_KEY] = { heatmap: recipe };
  }

  /** A copy of the spec, free to be changed. */
  toSpec(): VegaLiteSpec {
    return structuredClone(this.spec);
  }

  /** The values as text. */
  toString(): string {
    return this.#text;
  }

  /**
   * The MIME bundle of the chart: the spec as an object (JupyterLab draws nothing from a string), a PNG for
   * front ends without Vega, and the values as text. The spec has no ground of its own and takes the page's ink, light
   * or dark; the PNG is a light card. No text/html: JupyterLab would prefer it to the chart.
   */
  async [display](): Promise<Record<string, unknown>> {
    const bundle: Record<string, unknown> = { [VEGA_LITE_MIME]: this.toSpec(), 'text/plain': this.#text };
    const renderPng = await loadPngRenderer();
    if (!renderPng) return bundle;
    const svg = await renderSvg(this.spec, { theme: 'light' });
    const { png, width, height } = renderPng(svg, { scale: PNG_SCALE });
    this.#metadata['image/png'] = { width, height };
    return { ...bundle, 'image/png': Buffer.from(png).toString('base64') };
  }

  /** Metadata of the bundle: how Vega draws the spec and, once it is drawn, the picture's size in CSS pixels; and the recipe. */
  get [displayMetadata](): Record<string, unknown> {
    return this.#metadata;
  }
}
