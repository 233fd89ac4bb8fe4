/** The small parts of the export: escaping, terminal colours, styles, limits, slots. */
import { describe, expect, it } from 'vitest';
import { renderLatexOutput, renderMath } from '../../src/export/markdown/math.ts';
import { readableColour } from '../../src/export/markup/contrast.ts';
import { cutText } from '../../src/export/markup/limits.ts';
import { html, trusted } from '../../src/export/markup/markup.ts';
import { StyleSheet } from '../../src/export/markup/style-sheet.ts';
import { ansiToHtml, stripAnsi } from '../../src/export/outputs/ansi.ts';
import { mergeThemes } from '../../src/export/outputs/themed-svg.ts';
import { filterStyle } from '../../src/export/sanitize/safe-style.ts';

describe('html``', () => {
  it('escapes values, in text and in attributes', () => {
    expect(html`<a title="${'"\'>'}">${'<&'}</a>`.text).toBe('<a title="&quot;&#39;&gt;">&lt;&amp;</a>');
  });

  it('takes Html as it is, joins lists and leaves out nothing', () => {
    expect(html`${trusted('<b>')}${[html`<i>`, 'x<']}${undefined}${null}${false}${0}`.text).toBe(
      '<b><i>x&lt;0',
    );
  });
});

describe('ansiToHtml()', () => {
  const convert = (text: string) => {
    const styles = new StyleSheet();
    return { text: ansiToHtml(text, styles).text, css: styles.toCss() };
  };

  it('turns colours into classes for both themes', () => {
    const { text, css } = convert('\u001b[31mred\u001b[0m plain');
    expect(text).toBe('<span class="s0">red</span> plain');
    expect(css).toBe('.s0{color:#b3261e}@media screen and (prefers-color-scheme:dark){.s0{color:#ff7b72}}');
  });

  it.each([
    ['bold', '\u001b[1mx', 'font-weight:bold'],
    ['256 colours', '\u001b[48;5;196mx', 'background:#ff0000'],
    ['true colour', '\u001b[48;2;1;2;3mx', 'background:#010203'],
    ['underline', '\u001b[4mx', 'text-decoration:underline'],
    ['italic off', '\u001b[3m\u001b[23mx', ''],
  ])('reads %s', (_, text, css) => {
    expect(convert(text).css).toContain(css);
  });

  it('drops every other control sequence', () => {
    expect(convert('a\u001b[2Kb\u001b]8;;http://x\u0007c\u001b]8;;\u0007\u001b(Bd\u0007').text).toBe('abcd');
    expect(stripAnsi('\u001b[1;31mx\u001b[m')).toBe('x');
  });
});

describe('readableColour()', () => {
  it('keeps a readable colour and moves a faint one', () => {
    expect(readableColour('#005cc5', '#ffffff')).toBe('#005cc5');
    expect(readableColour('#ffff00', '#ffffff')).not.toBe('#ffff00');
    expect(readableColour('#000000', '#000000')).toMatch(/^#[7-9a-f]/);
  });
});

describe('filterStyle()', () => {
  it.each([
    ['color: red; font-weight: bold', 'color:red;font-weight:bold'],
    ['position: fixed; width: 3em', 'width:3em'],
    ['background: url(x)', ''],
    ['background: u\\72l(x)', ''],
    ['margin-left: -9px; margin: 0 auto', 'margin:0 auto'],
    ['color: red !important', 'color:red'],
    ['--x: 1; color: var(--x)', ''],
  ])('%s → %s', (style, kept) => {
    expect(filterStyle(style)).toBe(kept);
  });
});

describe('renderMath()', () => {
  it('gives MathML', () => {
    expect(renderMath('x^2', false).text).toMatch(/^<math xmlns="[^"]*"><semantics><mrow><msup>/);
  });

  it('shows what it cannot read as TeX', () => {
    expect(renderMath('\\frac{', true).text).toBe('<code class="tex">$$\\frac{$$</code>');
  });

  it('reads LaTeX outputs with and without marks', () => {
    for (const latex of ['$x$', '$$x$$', '\\[x\\]', '\\begin{align}x\\end{align}', 'x']) {
      expect(renderLatexOutput(latex).text).toContain('<mi>x</mi>');
    }
  });
});

describe('cutText()', () => {
  it('leaves short texts', () => {
    expect(cutText('a\nb\n')).toEqual({ head: 'a\nb' });
  });

  it('cuts a million lines in a moment', () => {
    const started = performance.now();
    const { head, omitted, tail } = cutText('x'.repeat(80).concat('\n').repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(head.split('\n')).toHaveLength(400);
    expect(tail!.split('\n')).toHaveLength(100);
    expect(omitted).toBe('999,500 lines are left out here. The notebook has them all.');
  });

  it('cuts a line without end', () => {
    expect(cutText('x'.repeat(100_000)).head).toMatch(/^x{20000}… \(80,000 more characters\)$/);
  });
});

describe('mergeThemes()', () => {
  const options = () => ({ styles: new StyleSheet(), label: 'L', font: 'F' });

  it('makes colours classes and keeps the form', () => {
    const styles = new StyleSheet();
    const merged = mergeThemes(
      '<svg width="9"><path d="M0" fill="#fff" role="graphics-symbol" aria-label="a cell"/></svg>',
      '<svg width="9"><path d="M0" fill="#000" role="graphics-symbol" aria-label="a cell"/></svg>',
      { ...options(), styles },
    );
    expect(merged!.text).toBe(
      '<svg role="img" aria-label="L" width="9"><path class="s0" d="M0"><title>a cell</title></path></svg>',
    );
    expect(styles.toCss()).toBe(
      '.s0{fill:#fff}@media screen and (prefers-color-scheme:dark){.s0{fill:#000}}',
    );
  });

  it('gives up on drawings of different form', () => {
    expect(mergeThemes('<svg><path/></svg>', '<svg><rect/></svg>', options())).toBeUndefined();
  });
});
