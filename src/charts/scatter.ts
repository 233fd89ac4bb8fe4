/** A map of sentences: points in the plane, coloured by cluster, to zoom and pan in. */
import { formatArray } from '../text/format-array.ts';
import { Chart } from './chart.ts';
import { placeLabels } from './labels/place-labels.ts';
import { cutText } from './labels/text-metrics.ts';
import { type MatrixLike, readChartMatrix } from './matrix.ts';
import type { Json, VegaLiteSpec } from './spec.ts';
import { chartConfig, palettes, SHAPES } from './theme.ts';
import { chartTitle } from './title.ts';

const SIDE = 460;
/** Beyond this many points their labels would cover each other: the tooltip names them. */
const MAX_LABELS = 40;
const MAX_POINTS = 5000;
const LABEL_LIMIT = 200;
const LABEL_WIDTH = 150;
const LABEL_FONT = 11;

/** What a map says about its points. */
export interface ScatterOptions {
  /** A text for each point, often the sentence. */
  labels: readonly string[];
  /** The cluster of each point, as a number or a name: it colours and shapes the point. */
  clusters?: readonly (number | string)[];
  /** @default 'Map of sentences' */
  title?: string;
  subtitle?: string;
}

/**
 * A scatter plot of points in the plane, for example embeddings reduced to two components. Both axes have one
 * scale, so distances can be compared; the mouse zooms and pans.
 *
 * @param points - coordinates [n, 2]
 * @throws {TypeError} when points are not a matrix of numbers, or a label is not a string
 * @throws {RangeError} when the sizes do not match, or a coordinate is not finite
 * @example scatter(pca(embeddings), { labels: sentences, clusters: [0, 0, 1, 1] })
 */
export function scatter(points: MatrixLike, options: ScatterOptions): Chart {
  const { rows, columns, dtype } = readChartMatrix(points, 'points');
  checkPoints(rows, columns);
  const labels = checkLabels(options?.labels, rows.length);
  const { clusters, title = 'Map of sentences', subtitle } = options;
  if (clusters && clusters.length !== rows.length) {
    throw new RangeError(
      `There are ${rows.length} points, but ${clusters.length} clusters: give one for each.`,
    );
  }
  const values = rows.map(([x, y], i) => ({
    x: x!,
    y: y!,
    label: cutCharacters(labels[i]!),
    ...(clusters && { cluster: String(clusters[i]) }),
  }));
  const spec = scatterSpec(values, clusters !== undefined, {
    title,
    subtitle: subtitle ?? tooMany(clusters),
  });
  return new Chart(spec, formatArray(rows.flat(), [rows.length, columns], { dtype }));
}

/** A word where clusters have to share their looks. */
function tooMany(clusters: readonly unknown[] | undefined): string | undefined {
  const count = new Set(clusters).size;
  const most = SHAPES.length ** 2;
  return count > most ? `${count} clusters: beyond ${most}, some share colour and shape` : undefined;
}

function cutCharacters(text: string): string {
  const characters = [...text.replace(/\s+/gu, ' ').trim()];
  return characters.length <= LABEL_LIMIT
    ? characters.join('')
    : `${characters.slice(0, LABEL_LIMIT - 1).join('')}…`;
}

function checkPoints(rows: readonly number[][], columns: number): void {
  if (rows.length === 0) throw new RangeError('A map needs at least one point, but got none.');
  if (rows.length > MAX_POINTS) {
    throw new RangeError(
      `A map shows up to ${MAX_POINTS} points, but got ${rows.length}. Show a sample of them.`,
    );
  }
  if (columns !== 2) {
    throw new RangeError(
      `Points on a map have 2 coordinates, not ${columns}. Reduce them to two components first.`,
    );
  }
  const bad = rows.findIndex((row) => !row.every(Number.isFinite));
  if (bad >= 0)
    throw new RangeError(`Point ${bad + 1} is at (${rows[bad]!.join(', ')}): coordinates must be finite.`);
}

function checkLabels(labels: readonly string[] | undefined, count: number): readonly string[] {
  if (!Array.isArray(labels))
    throw new TypeError('A map needs a label for each point: scatter(points, { labels }).');
  if (labels.length !== count) {
    throw new RangeError(`There are ${count} points, but ${labels.length} labels: give one for each.`);
  }
  const bad = labels.findIndex((label) => typeof label !== 'string');
  if (bad >= 0) throw new TypeError(`Label ${bad + 1} must be a string, not ${typeof labels[bad]}.`);
  return labels;
}

type Point = { x: number; y: number; label: string; cluster?: string };
type Domains = [x: [number, number], y: [number, number]];

function scatterSpec(
  values: readonly Point[],
  clustered: boolean,
  titles: { title: string; subtitle?: string | undefined },
): VegaLiteSpec {
  const { title, subtitle } = titles;
  const domains = squareDomains(values);
  const position = {
    x: coordinate('x', domains[0], 'first component'),
    y: coordinate('y', domains[1], 'second component'),
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: `${title}${subtitle ? ` (${subtitle})` : ''}: ${values.length} points${clustered ? ', a colour and a shape for each cluster' : ''}.`,
    title: chartTitle(titles, SIDE),
    data: { name: 'points', values },
    width: SIDE,
    height: SIDE,
    layer: [
      pointLayer(position, values, clustered),
      ...(values.length <= MAX_LABELS ? [labelLayer(values, position, domains)] : []),
    ],
    background: palettes.page.background,
    padding: 12,
    config: chartConfig('page'),
  };
}

/** Domains of equal length around the points, with room for labels. */
function squareDomains(values: readonly Point[]): Domains {
  const extents = (['x', 'y'] as const).map((axis) => {
    const numbers = values.map((value) => value[axis]);
    return [Math.min(...numbers), Math.max(...numbers)] as const;
  });
  const longest = Math.max(...extents.map(([low, high]) => high - low)) || 1;
  const half = longest * 0.58;
  const [x, y] = extents.map(([low, high]): [number, number] => [
    (low + high) / 2 - half,
    (low + high) / 2 + half,
  ]);
  return [x!, y!];
}

function coordinate(field: string, domain: [number, number], title: string): Json {
  return {
    field,
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { title, tickCount: 5, format: '.2~f' },
  };
}

function tooltip(clustered: boolean): Json[] {
  return [
    { field: 'label', title: 'sentence' },
    ...(clustered ? [{ field: 'cluster', title: 'cluster' }] : []),
    { field: 'x', title: 'first component', format: '.3f' },
    { field: 'y', title: 'second component', format: '.3f' },
  ];
}

function pointLayer(position: Json, values: readonly Point[], clustered: boolean): Json {
  const domain = clusterNames(values);
  const byCluster = { field: 'cluster', type: 'nominal', title: 'cluster' };
  const shapes = domain.map((_, i) => clusterShape(i));
  return {
    params: [{ name: 'zoom', select: 'interval', bind: 'scales' }],
    mark: { type: 'point', filled: true, size: 80, opacity: 0.9, clip: true },
    encoding: {
      ...position,
      ...(clustered && {
        color: { ...byCluster, scale: { domain, range: 'category' } },
        shape: { ...byCluster, scale: { domain, range: shapes } },
      }),
      description: { field: 'label' },
      tooltip: tooltip(clustered),
    },
  };
}

/** The clusters in their reading order, 2 before 10. */
function clusterNames(values: readonly Point[]): string[] {
  const names = new Set(values.flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster])));
  return [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * The shape of a cluster: as many as there are colours, moved on by some with each round of colours, so that two
 * clusters of one colour never share their shape, and two of one shape have colours far apart.
 */
export function clusterShape(index: number): string {
  const round = Math.floor(index / SHAPES.length);
  return SHAPES[(index + SHIFTS[round % SHIFTS.length]!) % SHAPES.length]!;
}

const SHIFTS = [0, 3, 1, 4, 2, 5];

/** Labels where there is room for them at first; zooming in makes more. */
function labelLayer(values: readonly Point[], position: Json, [xDomain, yDomain]: Domains): Json {
  const scale = SIDE / (xDomain[1] - xDomain[0]);
  const spots = values.map(({ x, y, label }) => ({
    x: (x - xDomain[0]) * scale,
    y: (yDomain[1] - y) * scale,
    text: cutText(label, { width: LABEL_WIDTH, fontSize: LABEL_FONT }),
  }));
  const placements = placeLabels(spots, { side: SIDE, fontSize: LABEL_FONT });
  const labels = values.flatMap(({ x, y }, i) => {
    const placement = placements[i];
    return placement ? [{ x, y, text: spots[i]!.text, ...placement }] : [];
  });
  return {
    data: { name: 'labels', values: labels },
    mark: {
      type: 'text',
      style: 'point-label',
      fontSize: LABEL_FONT,
      align: { expr: 'datum.align' },
      dx: { expr: 'datum.dx' },
      dy: { expr: 'datum.dy' },
      baseline: 'middle',
      clip: true,
      aria: false,
    },
    encoding: { ...position, text: { field: 'text' } },
  };
}
