/** Assembles the page: head with a strict security policy, table of contents, cells, footer. */
import { createHash } from 'node:crypto';
import type { OutlineEntry } from './markdown/outline.ts';
import { type Html, html, nothing, trusted } from './markup/markup.ts';
import type { LiveParts } from './outputs/live.ts';
import { INTERACTIVE_STYLE, LIVE_STYLE, PAGE_STYLE } from './page-style.ts';
import { OWN_ID_PREFIX } from './sanitize/sanitize.ts';

/** Everything that stands in a page. */
export interface PageParts {
  title: string;
  /** Whether the notebook's own first heading is the page's; else the title is shown above it. */
  hasOwnTitle: boolean;
  /** The line below the title, such as the date. */
  about?: Html | undefined;
  cells: readonly Html[];
  outline: readonly OutlineEntry[];
  /** Rules collected while the cells were made. */
  css: string;
  live?: LiveParts | undefined;
}

/** The whole document. */
export function renderPage(parts: PageParts): Html {
  const { title, hasOwnTitle, about, cells, outline, live } = parts;
  const css = PAGE_STYLE + (live ? LIVE_STYLE + INTERACTIVE_STYLE : '') + parts.css;
  const body = html`${cells.map((cell) => html`${cell}\n`)}`;
  const contents = outline.length > 2 ? tableOfContents(outline) : nothing;
  const heading = hasOwnTitle ? nothing : html`<h1>${title}</h1>\n`;
  const main = html`<div class="page"><main id="${OWN_ID_PREFIX}main">
${heading}${about}${body}</main>
<footer><p>Made with tsbert from a Jupyter notebook.</p></footer></div>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(css, body.text, live?.policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="tsbert">
<title>${title}</title>
<style>${trusted(css)}</style>
</head>
<body>
<a class="skip" href="#${OWN_ID_PREFIX}main">Skip to the notebook</a>
${outline.length > 2 ? html`<div class="with-toc">${contents}\n${main}</div>` : main}
${live?.elements}</body>
</html>
`;
}

/**
 * Nothing may be loaded and nothing run; styles are allowed by their hash. Style attributes, cleaned before, are
 * allowed only where the notebook brings some.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
function contentPolicy(css: string, body: string, live?: string): string {
  const hash = `'sha256-${createHash('sha256').update(css).digest('base64')}'`;
  // Vega places its tooltips by style attributes.
  const hasStyleAttributes = / style="/.test(body) || live !== undefined;
  return [
    "default-src 'none'",
    `style-src-elem ${hash}`,
    hasStyleAttributes && "style-src-attr 'unsafe-inline'",
    'img-src data:',
    / src="data:(?:audio|video)/.test(body) && 'media-src data:',
    live,
    "base-uri 'none'",
    "form-action 'none'",
  ]
    .filter(Boolean)
    .join('; ');
}

function tableOfContents(outline: readonly OutlineEntry[]): Html {
  const top = Math.min(...outline.map(({ level }) => level));
  const entries = outline.map(
    ({ level, id, text }) =>
      html`<li class="l${level - top}"><a href="#${encodeURIComponent(id)}">${text}</a></li>`,
  );
  return html`<nav aria-label="Contents"><details class="toc"><summary>Contents</summary><ol>${entries}</ol></details></nav>`;
}
