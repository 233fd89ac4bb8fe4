/** Highlights source code with shiki's TextMate grammars, as spans with classes for both themes. */
import type { BundledLanguage, HighlighterGeneric } from 'shiki';
import { readableColour } from '../markup/contrast.ts';
import { type Html, html } from '../markup/markup.ts';
import type { StyleSheet } from '../markup/style-sheet.ts';

/** Longer source is shown without colours. */
const MAX_LENGTH = 100_000;

/** Background of code blocks, as the page's style sheet sets it. */
export const CODE_BACKGROUND = { light: '#f6f8fa', dark: '#191e24' };
const ink = { light: '#1f2328', dark: '#e6e9ed' };

/** Kernels that name their language otherwise than shiki does. */
const LANGUAGE_NAMES: Record<string, string> = {
  ipython: 'python',
  ipython2: 'python',
  ipython3: 'python',
  octave: 'matlab',
  'c++': 'cpp',
  'c#': 'csharp',
  'f#': 'fsharp',
  ocaml: 'ocaml',
  sos: 'python',
  ijavascript: 'javascript',
};

/** Turns source code into highlighted HTML. */
export interface CodeHighlighter {
  /** Loads the grammar of a language; false where there is none. */
  load(language: string): Promise<boolean>;
  /** The code's lines as spans. Plain text when the language was not loaded. */
  highlight(code: string, language: string): Html;
}

/** A highlighter whose token colours are collected in `styles`. Grammars are loaded one by one, when asked for. */
export function createCodeHighlighter(styles: StyleSheet): CodeHighlighter {
  let shiki: Highlighter | undefined;
  const loaded = new Set<string>();
  return {
    async load(language) {
      const name = languageName(language);
      if (loaded.has(name)) return true;
      const bundle = await import('shiki');
      if (!(name in bundle.bundledLanguages)) return false;
      starting ??= startShiki();
      shiki = await starting;
      await shiki.loadLanguage(name as BundledLanguage);
      loaded.add(name);
      return true;
    },
    highlight(code, language) {
      const name = languageName(language);
      if (!shiki || !loaded.has(name) || code.length > MAX_LENGTH) return html`${code}`;
      const themes = { light: 'github-light', dark: 'github-dark' };
      const { tokens } = shiki.codeToTokens(code, {
        lang: name as BundledLanguage,
        themes: themes as never,
        // Shiki's own limit of 500 ms a line is reached on a busy machine while a grammar compiles, and colours go wrong.
        tokenizeTimeLimit: 0,
      });
      const lines = tokens.map((line) =>
        line.map(({ content, htmlStyle }) => tokenHtml(content, htmlStyle as Record<string, string>, styles)),
      );
      return html`${lines.map((line, i) => [i === 0 ? '' : '\n', line])}`;
    },
  };
}

/** Grammars that a fenced block or a kernel may mean by a name. */
function languageName(language: string): string {
  const name = language.trim().toLowerCase();
  return LANGUAGE_NAMES[name] ?? name;
}

type Highlighter = HighlighterGeneric<BundledLanguage, never>;

/** One for all pages of a process: the engine and its grammars are large. */
let starting: Promise<Highlighter> | undefined;

async function startShiki(): Promise<Highlighter> {
  const [{ createHighlighter }, { createOnigurumaEngine }] = await Promise.all([
    import('shiki'),
    import('shiki/engine/oniguruma'),
  ]);
  const highlighter = await createHighlighter({
    themes: ['github-light', 'github-dark'],
    langs: [],
    engine: createOnigurumaEngine(import('shiki/wasm')),
  });
  return highlighter as unknown as Highlighter;
}

function tokenHtml(content: string, style: Record<string, string>, styles: StyleSheet): Html {
  const light = readableColour(hexOf(style.color, ink.light), CODE_BACKGROUND.light);
  const dark = readableColour(hexOf(style['--shiki-dark'], ink.dark), CODE_BACKGROUND.dark);
  const isPlain = light === readableColour('#24292e', CODE_BACKGROUND.light) || content.trim() === '';
  if (isPlain) return html`${content}`;
  const name = styles.classFor({ light: `color:${light}`, dark: `color:${dark}` });
  return html`<span class="${name}">${content}</span>`;
}

function hexOf(colour: string | undefined, fallback: string): string {
  const hex = colour?.slice(0, 7);
  return hex && /^#[0-9a-f]{6}$/i.test(hex) ? hex.toLowerCase() : fallback;
}
