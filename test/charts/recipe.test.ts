/** Recipes come from files that anybody may have written. */
import { describe, expect, it } from 'vitest';
import { readRecipe } from '../../src/charts/recipe.ts';

const recipe = { sentences: ['a'], models: [{ name: 'm', title: 't' }], title: 'T', firstNumber: 0 };

describe('readRecipe()', () => {
  it('reads what a heatmap has left, and nothing beside it', () => {
    const heatmap = { ...recipe, subtitle: 's', other: 1, models: [{ name: 'm', title: 't', x: 1 }] };
    expect(readRecipe({ tsbert: { heatmap } })).toEqual({ ...recipe, subtitle: 's' });
    expect(readRecipe({ tsbert: { heatmap: { ...recipe, firstNumber: 7 } } })?.firstNumber).toBe(1);
  });

  it.each([
    undefined,
    null,
    'x',
    {},
    { tsbert: null },
    { tsbert: { heatmap: { ...recipe, sentences: 'a' } } },
    { tsbert: { heatmap: { ...recipe, sentences: [1] } } },
    { tsbert: { heatmap: { ...recipe, models: [] } } },
    { tsbert: { heatmap: { ...recipe, models: ['m'] } } },
    { tsbert: { heatmap: { ...recipe, title: {} } } },
  ])('finds none in %j', (metadata) => {
    expect(readRecipe(metadata)).toBeUndefined();
  });
});
