/** The title above a chart, in as many lines as its width needs. */

import { wrapText } from './labels/text-metrics.ts';
import type { Json } from './spec.ts';

/** Font sizes in px of the two lines above a chart. */
export const TITLE_FONT = 15;
export const SUBTITLE_FONT = 12.5;

const MAX_LINES = 4;

/**
 * Vega-Lite's title, left-aligned with the chart.
 * @param width the chart's, in px
 */
export function chartTitle(
  { title, subtitle }: { title: string; subtitle?: string | undefined },
  width: number,
): Json {
  const text = lines(title, { width, fontSize: TITLE_FONT, bold: true });
  const below = subtitle && { subtitle: lines(subtitle, { width, fontSize: SUBTITLE_FONT }) };
  return { text, ...below, anchor: 'start', frame: 'group' };
}

function lines(text: string, style: { width: number; fontSize: number; bold?: boolean }): string | string[] {
  const wrapped = wrapText(text, { ...style, maxLines: MAX_LINES });
  return wrapped.length > 1 ? wrapped : text;
}
