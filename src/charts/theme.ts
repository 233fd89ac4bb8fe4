/** Colours and sizes of the charts, light and dark, as Vega-Lite configuration: specs name roles, never colours. */
import type { Json } from './spec.ts';

/** Which of the two looks a chart is drawn in. */
export type Theme = 'light' | 'dark';

/** Fonts that every system has one of, all with Arial's widths first: `system-ui` would clip the labels. */
export const chartFont =
  '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Segoe UI", Roboto, sans-serif';

/**
 * Colours of one theme. The ramps step evenly in OKLCH lightness, so equal differences of similarity look
 * equally large; the sequential one turns its hue too, the diverging one is grey in the middle.
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

/** @see https://bottosson.github.io/posts/oklab/ for the colour space */
export const palettes: Record<Theme, Palette> = {
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
    categories: ['#1d6fb8', '#c2500a', '#00805f', '#8d4fb3', '#a8690a', '#c23a72', '#4f7d1f', '#5b6470'],
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
    categories: ['#63a9e8', '#f0915a', '#3fc49c', '#c493e6', '#d9a441', '#f086b0', '#9ac162', '#a7b0bb'],
  },
};

/** The chart's Vega-Lite configuration in one theme: `config.style` holds the roles that our specs name. */
export function chartConfig(theme: Theme): Json {
  const { ink, muted, surface, grid, background, sequential, diverging, categories } = palettes[theme];
  return {
    background,
    font: chartFont,
    view: { stroke: null },
    range: { heatmap: sequential, ramp: sequential, diverging, category: categories },
    style: {
      'diagonal-cell': { color: surface },
      'diagonal-number': { color: muted },
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
      fontSize: 15,
      subtitleFontSize: 12.5,
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

/**
 * A spec's configuration turned to a theme: what the chart's author set stays, what came from our light theme
 * (or was left to the default) becomes the theme's own.
 */
export function themedConfig(config: Json | undefined, theme: Theme): Json {
  return retheme(config ?? {}, chartConfig('light'), chartConfig(theme)) as Json;
}

function retheme(own: unknown, light: unknown, themed: unknown): unknown {
  if (isRecord(themed) && isRecord(light)) {
    const record = isRecord(own) ? own : {};
    const merged: Record<string, unknown> = { ...record };
    for (const key of Object.keys(themed)) merged[key] = retheme(record[key], light[key], themed[key]);
    return merged;
  }
  return own === undefined || JSON.stringify(own) === JSON.stringify(light) ? themed : own;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
