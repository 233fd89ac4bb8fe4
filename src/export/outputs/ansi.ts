/** Turns terminal output into HTML: ANSI colours become classes, every other control sequence goes. */

import { readableColour } from '../markup/contrast.ts';
import { type Content, type Html, html } from '../markup/markup.ts';
import type { StyleSheet } from '../markup/style-sheet.ts';

/** The 16 colours of the terminal, tuned by `readableColour` where the text would be hard to read. */
const BASIC = {
  light: ['#24292f', '#b3261e', '#116329', '#7a5200', '#0550ae', '#8250df', '#1b6f78', '#59636e'],
  dark: ['#8b949e', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#e6e9ed'],
};
const PAGE = { light: '#ffffff', dark: '#0f1216' };

interface Look {
  foreground?: number | string | undefined;
  background?: number | string | undefined;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
  strike?: boolean;
}

// Built from parts, as the linter allows no control characters in a regular expression.
const ESC = '\\u001b';
const BEL = '\\u0007';
const CONTROL = new RegExp(
  [
    `(?:${ESC}\\[|\\u009b)([0-9;:?<=>!]*)[ -/]*([@-~])`, // CSI … final
    `${ESC}[\\]PX^_][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?`, // OSC, DCS and other strings
    `${ESC}[ -/]*[0-~]?`, // shorter sequences
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]', // single control characters, except tab and line feed
  ].join('|'),
  'g',
);

/**
 * Terminal text as HTML.
 *
 * @example ansiToHtml('\x1b[1mbold\x1b[0m', styles).text // '<span class="s0">bold</span>'
 * @see ECMA-48, 8.3.117 SGR
 */
export function ansiToHtml(text: string, styles: StyleSheet): Html {
  const parts: Content[] = [];
  let look: Look = {};
  let end = 0;
  for (const match of text.matchAll(CONTROL)) {
    parts.push(paint(text.slice(end, match.index), look, styles));
    end = match.index + match[0].length;
    if (match[2] === 'm') look = applySgr(look, match[1]!);
  }
  parts.push(paint(text.slice(end), look, styles));
  return html`${parts}`;
}

/** The text alone, without any control sequence. */
export function stripAnsi(text: string): string {
  return text.replace(CONTROL, '');
}

function paint(text: string, look: Look, styles: StyleSheet): Content {
  if (text === '') return '';
  const light = declarations(look, 'light');
  if (light === '') return text;
  const name = styles.classFor({ light, dark: declarations(look, 'dark') });
  return html`<span class="${name}">${text}</span>`;
}

function declarations(look: Look, theme: 'light' | 'dark'): string {
  const [foreground, background] = look.inverse
    ? [
        look.background ?? (theme === 'light' ? '#ffffff' : '#0f1216'),
        look.foreground ?? (theme === 'light' ? '#24292f' : '#e6e9ed'),
      ]
    : [look.foreground, look.background];
  const behind = background === undefined ? undefined : colourOf(background, theme);
  const colour =
    foreground === undefined && behind === undefined ? undefined : textColour(foreground, behind, theme);
  return [
    colour && `color:${colour}`,
    behind && `background:${behind}`,
    look.bold && 'font-weight:bold',
    look.italic && 'font-style:italic',
    look.dim && colour === undefined && 'color:var(--muted)',
    (look.underline || look.strike) &&
      `text-decoration:${[look.underline && 'underline', look.strike && 'line-through'].filter(Boolean).join(' ')}`,
  ]
    .filter(Boolean)
    .join(';');
}

function textColour(
  foreground: number | string | undefined,
  behind: string | undefined,
  theme: 'light' | 'dark',
): string {
  const wanted =
    foreground === undefined ? (theme === 'light' ? '#24292f' : '#e6e9ed') : colourOf(foreground, theme);
  return readableColour(wanted, behind ?? PAGE[theme]);
}

function colourOf(colour: number | string, theme: 'light' | 'dark'): string {
  if (typeof colour === 'string') return colour;
  return BASIC[theme][colour % 8]!;
}

function applySgr(look: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map(Number);
  let next: Look = { ...look };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) next = {};
    else if (code === 38 || code === 48) {
      const { colour, used } = extendedColour(codes.slice(i + 1));
      if (colour !== undefined) next[code === 38 ? 'foreground' : 'background'] = colour;
      i += used;
    } else Object.assign(next, sgrChange(code));
  }
  return next;
}

function sgrChange(code: number): Look {
  if (code >= 30 && code <= 37) return { foreground: code - 30 };
  if (code >= 90 && code <= 97) return { foreground: code - 90 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 100 && code <= 107) return { background: code - 100 };
  return SGR[code] ?? {};
}

const SGR: Record<number, Look> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { foreground: undefined },
  49: { background: undefined },
};

/** The colour of `38;5;n` or `38;2;r;g;b`, and how many of the codes it took. */
function extendedColour(codes: readonly number[]): { colour?: number | string; used: number } {
  const [kind, first = 0, second = 0, third = 0] = codes;
  if (kind === 5) return { colour: indexedColour(first), used: 2 };
  if (kind === 2) return { colour: hexColour(first, second, third), used: 4 };
  return { used: codes.length };
}

/** xterm's palette: 16 named colours, a cube of 6 × 6 × 6, 24 greys. */
function indexedColour(index: number): number | string {
  if (index < 16) return index % 8;
  if (index >= 232) return hexColour(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10);
  const cube = index - 16;
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  return hexColour(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function hexColour(...channels: number[]): string {
  const clamped = channels.map((channel) => Math.max(0, Math.min(255, Math.round(channel) || 0)));
  return `#${clamped.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
