/** Lets readers of a page change the sentences of its heatmaps: the page's models, worker and script, and what they are told. */
import { type HeatmapRecipe, readRecipe } from '../../charts/recipe.ts';
import type { Notebook } from '../../jupyter/notebook/nbformat.ts';
import { type Html, html, trusted } from '../markup/markup.ts';
import { OWN_ID_PREFIX } from '../sanitize/sanitize.ts';
import { scriptJson } from './live.ts';
import { IDS, type PageData, type PageScripts } from './page-data.ts';

/** More sentences than this are not offered for editing. */
const MOST_SENTENCES = 24;

/** A heatmap of the page, by its chart's number. */
export interface PlacedRecipe {
  readonly chart: number;
  readonly recipe: HeatmapRecipe;
}

/** The names of the models whose heatmaps a notebook shows. */
export function heatmapModels(notebook: Notebook): string[] {
  const outputs = notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []));
  const recipes = outputs.map((output) => ('metadata' in output ? readRecipe(output.metadata) : undefined));
  return [...new Set(recipes.flatMap((recipe) => recipe?.models.map(({ name }) => name) ?? []))];
}

/**
 * The elements that a page needs beside those of its live charts.
 *
 * @param nonce that of the page's scripts
 * @returns undefined when there is no heatmap that the page's models can answer for
 */
export function interactiveParts(
  placed: readonly PlacedRecipe[],
  { page, worker, models, pageModels }: PageScripts,
  nonce: string,
): Html | undefined {
  const recipes = placed.flatMap(({ chart, recipe }) => {
    const own = recipe.models.map(({ name }) => pageModels[name]);
    const isOffered = recipe.sentences.length <= MOST_SENTENCES && !own.includes(undefined);
    return isOffered ? [{ chart, ...recipe, pageModels: own as string[] }] : [];
  });
  if (recipes.length === 0) return undefined;
  const used = [...new Set(recipes.flatMap((recipe) => recipe.pageModels))];
  const held = used.map(
    (name, i) =>
      html`<script type="text/plain" id="${OWN_ID_PREFIX}${IDS.model}${i}">${trusted(models[name]!)}</script>\n`,
  );
  return html`<script type="application/json" id="${OWN_ID_PREFIX}${IDS.data}">${trusted(scriptJson({ recipes, models: used } satisfies PageData))}</script>
<script type="text/plain" id="${OWN_ID_PREFIX}${IDS.worker}">${trusted(inScript(worker))}</script>
${held}<script nonce="${nonce}" data-prefix="${OWN_ID_PREFIX}">${trusted(inScript(page))}</script>
`;
}

/** Code that cannot end the script element it stands in, and means the same: the characters occur in strings alone. */
function inScript(code: string): string {
  return code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}
