/** Makes the charts of a page interactive: Vega packed into the page, run under a policy that allows nothing else. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { VegaLiteSpec } from '../../charts/spec.ts';
import { withTheme } from '../../charts/theme.ts';
import { type Html, html, trusted } from '../markup/markup.ts';
import { OWN_ID_PREFIX } from '../sanitize/sanitize.ts';

/** Packages whose minified builds stand beside their main files, in the order in which they are run. */
const PACKAGES = ['vega', 'vega-lite', 'vega-embed'];

/** What a live page adds to a static one. */
export interface LiveParts {
  elements: Html;
  /** That of the page's own scripts. */
  nonce: string;
  /** The directive that lets these scripts run, and no other. */
  policy: string;
}

/**
 * Scripts that draw the page's charts again, with tooltips, zoom and pan. Without scripts, or when something
 * fails, the drawn SVG stays. `tsbertCharts` tells other scripts of the page when Vega is there. Vega evaluates expressions in its interpreter: the page needs no `unsafe-eval`.
 */
export async function liveParts(specs: readonly VegaLiteSpec[]): Promise<LiveParts> {
  const nonce = randomBytes(18).toString('base64');
  const code = await packedVega();
  const elements = html`<script type="application/json" id="${OWN_ID_PREFIX}charts">${trusted(scriptJson(packSpecs(specs)))}</script>
<script type="text/plain" id="${OWN_ID_PREFIX}vega">${trusted(code)}</script>
<script nonce="${nonce}">${trusted(`globalThis.tsbertCharts=(${startCharts.toString()})(${JSON.stringify(OWN_ID_PREFIX)})`)}</script>
`;
  return { elements, nonce, policy: `script-src 'nonce-${nonce}'` };
}

/** Vega, Vega-Lite and vega-embed, gzipped, as base64. */
async function packedVega(): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  const sources = await Promise.all(
    PACKAGES.map((name) => readFile(join(dirname(resolve(name)), `${name}.min.js`), 'utf8')),
  );
  const code = sources.map((source) => source.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '')).join('\n;');
  return (await promisify(gzip)(code, { level: 9 })).toString('base64');
}

/** Every chart's spec, and its looks, which most charts of a page share. */
interface PackedSpecs {
  looks: unknown[];
  charts: { spec: VegaLiteSpec; light: number; dark: number }[];
}

function packSpecs(specs: readonly VegaLiteSpec[]): PackedSpecs {
  const looks: string[] = [];
  const lookOf = (spec: VegaLiteSpec, theme: 'light' | 'dark') => {
    const { config, background } = withTheme(spec, theme, true);
    const look = JSON.stringify(withoutCursors({ config, background }));
    if (!looks.includes(look)) looks.push(look);
    return looks.indexOf(look);
  };
  const charts = specs.map((spec) => {
    // usermeta may hold options of vega-embed, which would go before the page's own.
    const { config: _config, background: _background, usermeta: _usermeta, ...rest } = spec;
    return { spec: withoutCursors(rest), light: lookOf(spec, 'light'), dark: lookOf(spec, 'dark') };
  });
  return { looks: looks.map((look) => JSON.parse(look)), charts };
}

/** Vega gives a mark's cursor to the page as it is, and a cursor may be an address. Data stays as it is. */
function withoutCursors<T>(part: T): T {
  if (Array.isArray(part)) return part.map(withoutCursors) as T;
  if (typeof part !== 'object' || part === null) return part;
  const kept = Object.entries(part).filter(([key]) => key !== 'cursor');
  const isData = (key: string) => key === 'data' || key === 'datasets';
  return Object.fromEntries(
    kept.map(([key, value]) => [key, isData(key) ? value : withoutCursors(value)]),
  ) as T;
}

/** JSON that cannot end the script element it stands in. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Runs in the page, from its source text: it may use nothing of this module. */
async function startCharts(prefix: string): Promise<void> {
  const { document, matchMedia } = globalThis;
  const nonce = (document.currentScript as HTMLScriptElement).nonce;
  const textOf = (id: string) => (document.getElementById(prefix + id) as HTMLElement).textContent ?? '';
  const packed = Uint8Array.from(atob(textOf('vega')), (character) => character.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const script = document.createElement('script');
  script.nonce = nonce;
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
  const { looks, charts } = JSON.parse(textOf('charts')) as {
    looks: object[];
    charts: { spec: object; light: number; dark: number }[];
  };
  const { vegaEmbed } = globalThis as unknown as {
    vegaEmbed: (element: HTMLElement, spec: object, options: object) => Promise<unknown>;
  };
  // vega-tooltip takes the element of this name where there is one.
  const tooltip = document.createElement('div');
  tooltip.id = 'vg-tooltip-element';
  tooltip.setAttribute('role', 'status');
  document.body.append(tooltip);
  refuseReferences();
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const draw = async () => {
    for (const [i, { spec, ...chart }] of charts.entries()) {
      const picture = document.querySelector<HTMLElement>(`[data-tsbert-chart="${i}"] .picture`);
      if (!picture) continue;
      const live = document.createElement('div');
      live.className = 'live';
      picture.querySelector('.live')?.remove();
      picture.append(live);
      const look = looks[dark.matches ? chart.dark : chart.light];
      try {
        await vegaEmbed(
          live,
          { ...spec, ...look },
          {
            mode: 'vega-lite',
            renderer: 'svg',
            actions: false,
            ast: true,
            defaultStyle: false,
            loader: { load: refuse, sanitize: refuseAddress },
            tooltip: { disableDefaultStyle: true, formatTooltip },
          },
        );
        picture.classList.add('is-live');
      } catch {
        live.remove();
        picture.classList.remove('is-live');
      }
    }
  };
  dark.addEventListener('change', draw);
  await draw();

  function refuse(): Promise<never> {
    return Promise.reject(new Error('A chart takes data from its spec alone.'));
  }

  /** Links to pages are left to the reader; nothing else has an address. */
  function refuseAddress(uri: string, options?: { context?: string }): Promise<object> {
    const isLink = options?.context === 'href' && /^(?:https?:|mailto:|#)/i.test(uri);
    return isLink ? Promise.resolve({ href: uri, target: '_blank', rel: 'noopener noreferrer' }) : refuse();
  }

  /** As vega-tooltip's own, without the picture that a value called `image` would load. */
  function formatTooltip(value: unknown, toHtml: (value: unknown) => string): string {
    if (typeof value !== 'object' || value === null) return toHtml(String(value));
    const { title, ...fields } = value as Record<string, unknown>;
    const heading = title === undefined ? '' : `<h2>${toHtml(String(title))}</h2>`;
    const text = (field: unknown) => (typeof field === 'object' ? JSON.stringify(field) : String(field));
    const rows = Object.entries(fields).map(
      ([key, field]) =>
        `<tr><td class="key">${toHtml(key)}</td><td class="value">${toHtml(text(field))}</td></tr>`,
    );
    return `${heading}<table><tbody>${rows.join('')}</tbody></table>`;
  }

  /** A colour may be computed, and be an address: what would load something is not set. */
  function refuseReferences(): void {
    const loads = (value: unknown) => {
      // Vega names the gradients of its legends by the page's own address.
      const [own = ''] = location.href.split('#');
      const text = String(value)
        .replaceAll(`(${own}#`, '(#')
        .replace(/url\(\s*(['"]?)#[^'"()\s]*\1\s*\)/gi, '');
      return /\\|(?:url|src|image|image-set|cross-fade|element|paint)\s*\(/i.test(text);
    };
    const { setAttribute, setAttributeNS } = Element.prototype;
    const { setProperty } = CSSStyleDeclaration.prototype;
    const isText = (name: string) => /^(?:aria-|d$|href$|transform$|title$)/.test(name);
    Element.prototype.setAttribute = function (name, value) {
      if (isText(name) || !loads(value)) setAttribute.call(this, name, value);
    };
    Element.prototype.setAttributeNS = function (space, name, value) {
      if (isText(name) || !loads(value)) setAttributeNS.call(this, space, name, value);
    };
    CSSStyleDeclaration.prototype.setProperty = function (name, value, priority) {
      if (!loads(value)) setProperty.call(this, name, value, priority);
    };
  }
}
