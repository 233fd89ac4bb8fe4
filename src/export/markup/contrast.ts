/** Makes text colours readable: moves a colour towards black or white until WCAG's contrast AA is met. */

/** Contrast of normal text in WCAG 2.2, success criterion 1.4.3, with a little to spare for rounding. */
const MINIMUM = 4.6;

type Rgb = readonly [number, number, number];

/**
 * The colour itself where it reads well on the background, else the nearest that does on the way to black
 * (on a light background) or white (on a dark one).
 *
 * @example readableColour('#d73a49', '#f6f8fa') // '#cf3846', slightly darker
 */
export function readableColour(colour: string, background: string): string {
  const rgb = parseHex(colour);
  const behind = parseHex(background);
  const target = luminance(behind) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 20; step++) {
    const mixed = rgb.map((channel) =>
      Math.round(channel + ((target - channel) * step) / 20),
    ) as unknown as Rgb;
    if (contrast(mixed, behind) >= MINIMUM) return formatHex(mixed);
  }
  return formatHex([target, target, target]);
}

function parseHex(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

function formatHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}
