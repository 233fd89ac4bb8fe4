/** Colours and sizes of the charts, light and dark, as Vega-Lite configuration: specs name roles, never colours. */

import type { Json, VegaLiteSpec } from './spec.ts';
import { SUBTITLE_FONT, TITLE_FONT } from './title.ts';

/** Which of the two looks a chart is drawn in. */
export type Theme = 'light' | 'dark';

/** The look of the specs themselves: no ground of their own, and the ink of the page that they stand in. */
type Look = Theme | 'page';

/** Fonts that every system has one of, all with Arial's widths first: `system-ui` would clip the labels. */
export const chartFont =
  '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Segoe UI", Roboto, sans-serif';

/**
 * Colours of one theme. The ramps step evenly in OKLCH lightness, so equal differences of similarity look
 * equally large; the sequential one turns its hue too, the diverging one is grey in the middle. The categories can
 * be told apart with any one of the eye's three kinds of cones missing, the first from the fourth, the second from
 * the fifth and the third from the sixth best of all; the light ones stand out from a dark ground too.
 */
interface Palette {
  background: string;
  ink: string;
  muted: string;
  surface: string;
  grid: string;
  sequential: string[];
  diverging: string[];
  categories: string[];
}

/** The shapes of clusters, as many as there are colours: each can be told from the others at 9 px. */
export const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'];

/** @see https://bottosson.github.io/posts/oklab/ for the colour space */
const themes: Record<Theme, Palette> = {
  light: {
    background: '#ffffff',
    ink: '#1f2328',
    muted: '#59636e',
    surface: '#f0f2f4',
    grid: '#e4e7eb',
    sequential: [
      '#ebf6f6',
      '#b7e3e7',
      '#83cddd',
      '#54b5d4',
      '#2e9ac8',
      '#1d7fb6',
      '#22639d',
      '#274a7d',
      '#253359',
    ],
    diverging: [
      '#6e2300',
      '#944509',
      '#b46e45',
      '#ce997b',
      '#e3c5b5',
      '#f3f3f3',
      '#b8cfe6',
      '#82aad4',
      '#4e86be',
      '#1862a2',
      '#003f7b',
    ],
    categories: ['#5297b1', '#7d40c8', '#0f6e6e', '#9a5505', '#cb8242', '#aa71fc'],
  },
  dark: {
    background: '#14171b',
    ink: '#e6e9ed',
    muted: '#a3abb5',
    surface: '#23282e',
    grid: '#2a3037',
    sequential: [
      '#1d2638',
      '#1c3c61',
      '#045585',
      '#0070a4',
      '#008dbb',
      '#00aacc',
      '#33c5d8',
      '#76dee2',
      '#b3f3ee',
    ],
    diverging: [
      '#fda670',
      '#d0895e',
      '#a46e4d',
      '#7a553e',
      '#503c30',
      '#262626',
      '#334353',
      '#44617f',
      '#5580ac',
      '#68a1db',
      '#89c3ff',
    ],
    categories: ['#86d3ee', '#8f55e0', '#1f9090', '#b8691a', '#f5bd85', '#c9a2ff'],
  },
};

/**
 * The colours of every look. A spec as a notebook keeps it has those of `page`: a front end draws it as SVG, where
 * `currentColor` is the page's ink, light or dark. The ramp is the light one: its cells bring their own ground along.
 */
export const palettes: Record<Look, Palette> = {
  ...themes,
  page: {
    ...themes.light,
    background: 'transparent',
    ink: 'currentColor',
    muted: thinInk(72),
    surface: thinInk(8),
    grid: thinInk(14),
  },
};

/** The page's ink, thinned. @param percent how much of it is left */
function thinInk(percent: number): string {
  return `color-mix(in srgb, currentColor ${percent}%, transparent)`;
}

/** The chart's Vega-Lite configuration in one look: `config.style` holds the roles that our specs name. */
export function chartConfig(look: Look): Json {
  const { ink, muted, surface, grid, background, sequential, diverging, categories } = palettes[look];
  return {
    background,
    font: chartFont,
    view: { stroke: null },
    range: { heatmap: sequential, ramp: sequential, diverging, category: categories },
    style: {
      'diagonal-cell': { color: surface },
      'diagonal-number': { color: muted },
      'best-cell': { color: ink },
      'sentence-label': { color: ink },
      'point-label': { color: muted },
    },
    axis: {
      domain: false,
      ticks: false,
      gridColor: grid,
      labelFontSize: 11,
      labelPadding: 6,
      labelColor: muted,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      titleColor: muted,
    },
    title: {
      fontSize: TITLE_FONT,
      subtitleFontSize: SUBTITLE_FONT,
      subtitlePadding: 5,
      offset: 14,
      color: ink,
      subtitleColor: muted,
    },
    legend: {
      titleFontWeight: 'normal',
      titleFontSize: 11,
      labelFontSize: 11,
      gradientThickness: 12,
      titlePadding: 6,
      labelColor: muted,
      titleColor: muted,
    },
    header: { labelColor: muted, titleColor: ink },
    text: { color: ink },
  };
}

/** Whether a background is one of ours, and so may be changed with the theme. */
export function isOwnBackground(background: unknown): boolean {
  return background === undefined || OURS.some((look) => background === palettes[look].background);
}

/** The looks that specs are kept in: ours, and that of notebooks written before. */
const OURS = ['page', 'light'] as const;

/**
 * A spec's configuration turned to a theme: what the chart's author set stays, what came from us (or was left to
 * the default) becomes the theme's own.
 */
export function themedConfig(config: Json | undefined, theme: Theme): Json {
  return retheme(config ?? {}, OURS.map(chartConfig), chartConfig(theme)) as Json;
}

/** @param ours what we may have written in the place of `own` */
function retheme(own: unknown, ours: readonly unknown[], themed: unknown): unknown {
  if (isRecord(themed) && (own === undefined || isRecord(own))) {
    const record = own ?? {};
    const merged: Record<string, unknown> = { ...record };
    for (const key of Object.keys(themed)) {
      merged[key] = retheme(
        record[key],
        ours.filter(isRecord).map((look) => look[key]),
        themed[key],
      );
    }
    return merged;
  }
  const isOurs = ours.some((value) => JSON.stringify(own) === JSON.stringify(value));
  return own === undefined || isOurs ? themed : own;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A spec in the colours of a theme. Colours that its author chose stay. */
export function withTheme(spec: VegaLiteSpec, theme: Theme, transparent = false): VegaLiteSpec {
  const own = spec.background;
  const ours = isOwnBackground(own);
  const background = transparent ? 'transparent' : palettes[theme].background;
  return {
    ...spec,
    background: ours ? background : own,
    config: { ...themedConfig(spec.config as Json | undefined, theme), ...(ours && { background }) },
  };
}
