/** Colours: even ramps, readable text, in both themes. */
import { describe, expect, it } from 'vitest';
import { palettes, type Theme } from '../../src/charts/theme.ts';

const themes: Theme[] = ['light', 'dark'];

function linearChannels(hex: string): [number, number, number] {
  const channels = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return channels as [number, number, number];
}

/** Lightness in OKLab, https://bottosson.github.io/posts/oklab/ */
function lightness(hex: string): number {
  const [r, g, b] = linearChannels(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
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
});
