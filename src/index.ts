/** What a notebook imports from 'tsbert'. */
export { Chart } from './charts/chart.ts';
export { type ComparedSimilarity, compareHeatmaps, type HeatmapOptions, heatmap } from './charts/heatmap.ts';
export type { MatrixLike, TensorLike } from './charts/matrix.ts';
export { type ScatterOptions, scatter } from './charts/scatter.ts';
export type { VegaLiteSpec } from './charts/spec.ts';
export { formatArray } from './text/format-array.ts';
