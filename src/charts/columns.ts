/** How many panels of a chart stand beside each other: as many as its container has room for, measured by Vega itself. */
import type { Json, VegaLiteSpec } from './spec.ts';

/** The parameter that holds the number; a spec without it has one picture alone. */
export const COLUMNS = 'panelColumns';

/** Width of an exported page's column in px on a screen of 900: what a chart is made for. */
const USUAL_WIDTH = 772;

/** What panels take of a container's width, in px. */
export interface PanelWidths {
  /** Labels and padding, once. */
  fixed: number;
  panel: number;
  gap: number;
}

/** How often a chart looks whether its container has changed, in ms: a pane that is dragged tells nobody. */
const LOOK_EVERY_MS = 400;

/**
 * The parameter. Vega-Lite hands `init` and `on` through to the signal: the number is set when the chart is drawn,
 * and again when its container changes. Where nothing is known of the container, the usual width counts.
 */
export function columnsParameter(count: number, widths: PanelWidths): Json {
  const { fixed, panel, gap } = widths;
  const fitting = (width: string | number) => `(${width} - ${fixed - gap}) / ${panel + gap}`;
  const usual = clamp(Math.floor((USUAL_WIDTH - fixed + gap) / (panel + gap)), count);
  const measured = `containerSize()[0] > 0 ? clamp(floor(${fitting('containerSize()[0]')}), 1, ${count}) : ${usual}`;
  return {
    name: COLUMNS,
    value: usual,
    init: measured,
    on: [{ events: { type: 'timer', throttle: LOOK_EVERY_MS }, update: measured }],
  };
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 1), most);
}

/** Whether a chart's panels can stand below each other instead of side by side. */
export function canStack(spec: VegaLiteSpec): boolean {
  const parameter = parametersOf(spec).find(({ name }) => name === COLUMNS);
  return typeof parameter?.value === 'number' && parameter.value > 1;
}

/** The spec with all its panels below each other, for narrow screens. */
export function stacked(spec: VegaLiteSpec): VegaLiteSpec {
  const params = parametersOf(spec).map((parameter) =>
    parameter.name === COLUMNS ? { name: COLUMNS, value: 1 } : parameter,
  );
  return { ...spec, params };
}

function parametersOf({ params }: VegaLiteSpec): Json[] {
  return Array.isArray(params) ? params : [];
}
