/** What a heatmap was made from, kept beside it so that a page can make it again from other sentences. */

/** A heatmap's sentences and models. */
export interface HeatmapRecipe {
  readonly sentences: readonly string[];
  /** The models whose similarities it shows, in order: the name of each, and the title above its triangle. */
  readonly models: readonly { readonly name: string; readonly title: string }[];
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly firstNumber: 0 | 1;
}

/** The key of an output's metadata under which its recipe stands. */
export const RECIPE_KEY = 'tsbert';

/** Reads a recipe out of an output's metadata, which anybody may have written. @returns undefined where there is none */
export function readRecipe(metadata: unknown): HeatmapRecipe | undefined {
  const recipe = recordOf(recordOf(metadata)?.[RECIPE_KEY])?.heatmap;
  const { sentences, models, title, subtitle, firstNumber } = recordOf(recipe) ?? {};
  const named = Array.isArray(models) && models.length > 0 && models.every(isNamedModel);
  if (!Array.isArray(sentences) || !sentences.every(isText) || !named || !isText(title)) return undefined;
  return {
    sentences,
    models: models.map((model) => ({ name: model.name, title: model.title })),
    title,
    ...(isText(subtitle) && { subtitle }),
    firstNumber: firstNumber === 0 ? 0 : 1,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isNamedModel(value: unknown): value is HeatmapRecipe['models'][number] {
  const model = recordOf(value);
  return isText(model?.name) && isText(model?.title);
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
