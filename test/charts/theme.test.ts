/** Colours: even ramps, readable text, in both themes. */
import { describe, expect, it } from 'vitest';
import { clusterShape } from '../../src/charts/scatter.ts';
import { chartConfig, palettes, type Theme, themedConfig, withTheme } from '../../src/charts/theme.ts';

const themes: Theme[] = ['light', 'dark'];

/** Linear RGB as it is seen with one kind of cones missing. Machado, Oliveira and Fernandes 2009, severity 1. */
const SIGHTS: Record<string, number[][]> = {
  'all cones': [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}; // biome-ignore format: matrices

function linearChannels(hex: string): [number, number, number] {
  const channels = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return channels as [number, number, number];
}

/** OKLab, https://bottosson.github.io/posts/oklab/ */
function oklab([r, g, b]: [number, number, number]): [number, number, number] {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function lightness(hex: string): number {
  return oklab(linearChannels(hex))[0];
}

/** How different two colours look to an eye: their distance in OKLab. */
function difference(a: string, b: string, sight: number[][]): number {
  const [one, other] = [a, b].map((hex) => {
    const channels = linearChannels(hex);
    const seen = sight.map((row) => row.reduce((sum, weight, i) => sum + weight * channels[i]!, 0));
    return oklab(seen.map((value) => Math.min(1, Math.max(0, value))) as [number, number, number]);
  });
  return Math.hypot(...one!.map((value, i) => value - other![i]!));
}

/** Contrast ratio of WCAG 2. */
function contrast(a: string, b: string): number {
  const [light, dark] = [a, b]
    .map((hex) => {
      const [red, green, blue] = linearChannels(hex);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each(themes)('palettes.%s', (theme) => {
  const palette = palettes[theme];

  it.each(['sequential', 'diverging'] as const)('%s ramp steps evenly in lightness', (name) => {
    const steps = palette[name]
      .slice(1)
      .map((hex, i) => Math.abs(lightness(hex) - lightness(palette[name][i]!)));
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(0.02);
  });

  it('has cells on which black or white text reads well', () => {
    for (const hex of [...palette.sequential, ...palette.diverging]) {
      expect(Math.max(contrast(hex, '#ffffff'), contrast(hex, '#000000'))).toBeGreaterThan(4.5);
    }
  });

  it('has text that reads well on its background', () => {
    expect(contrast(palette.ink, palette.background)).toBeGreaterThan(7);
    expect(contrast(palette.muted, palette.background)).toBeGreaterThan(4.5);
    expect(contrast(palette.muted, palette.surface)).toBeGreaterThan(4.5);
  });

  it('has points that stand out from its background', () => {
    for (const hex of palette.categories) expect(contrast(hex, palette.background)).toBeGreaterThan(3);
  });

  it.each(Object.entries(SIGHTS))('tells twelve clusters apart by colour and shape: %s', (_, sight) => {
    const clusters = Array.from({ length: 12 }, (_, i) => ({
      colour: palette.categories[i % palette.categories.length]!,
      shape: clusterShape(i),
    }));
    for (const [i, a] of clusters.entries()) {
      for (const b of clusters.slice(0, i)) {
        const apart = difference(a.colour, b.colour, sight);
        // One shape: colours that nobody mixes up. One colour: two shapes. Else: both differ.
        if (a.shape === b.shape) expect(apart).toBeGreaterThan(0.16);
        else if (a.colour !== b.colour) expect(apart).toBeGreaterThan(0.06);
      }
    }
  });
});

describe('palettes.page', () => {
  it('has points that stand out from light and dark grounds', () => {
    for (const hex of palettes.page.categories) {
      expect(contrast(hex, '#ffffff')).toBeGreaterThan(3);
      expect(contrast(hex, '#111111')).toBeGreaterThan(3);
    }
  });

  it('takes its ink from the page around it', () => {
    const config = JSON.stringify(chartConfig('page'));
    expect(config).toContain('"sentence-label":{"color":"currentColor"}');
    expect(config).not.toContain(palettes.light.ink);
  });
});

describe('themedConfig()', () => {
  it.each(themes)('turns our config to the %s theme, that of older notebooks too', (theme) => {
    expect(themedConfig(chartConfig('page'), theme)).toEqual(chartConfig(theme));
    expect(themedConfig(chartConfig('light'), theme)).toEqual(chartConfig(theme));
  });
});

describe('withTheme()', () => {
  it('keeps what an author chose', () => {
    const spec = { background: 'ivory', config: { axis: { labelColor: 'red' } } };
    const own = withTheme(spec, 'dark');
    expect(own.background).toBe('ivory');
    expect(own.config).toMatchObject({ axis: { labelColor: 'red', titleColor: palettes.dark.muted } });
  });
});
