/** What an interactive page carries beside its cells, as the export writes it and the page's script reads it. */
import type { HeatmapRecipe } from '../../charts/recipe.ts';

/** Ids of the elements with the page's data, worker and models; the page's own prefix stands before them. */
export const IDS = { data: 'playgrounds', worker: 'playground-worker', model: 'playground-model-' } as const;

/** A heatmap that the page can make again. */
export interface PlaygroundRecipe extends HeatmapRecipe {
  /** The chart's number in the page. */
  readonly chart: number;
  /** The page's model for each of the heatmap's models, in order. */
  readonly pageModels: readonly string[];
}

/** What stands in the element of {@link IDS}.data. */
export interface PageData {
  readonly recipes: readonly PlaygroundRecipe[];
  /** The models, in the order of the elements that hold them. */
  readonly models: readonly string[];
}

/** What makes a page answer: plain data, so that it can be handed to another thread. */
export interface PageScripts {
  /** Script of the page, and that of its worker. */
  readonly page: string;
  readonly worker: string;
  /** Deflated models as base64, by name. */
  readonly models: Readonly<Record<string, string>>;
  /** The page's model for each model of the notebook that the page can answer for. */
  readonly pageModels: Readonly<Record<string, string>>;
}
