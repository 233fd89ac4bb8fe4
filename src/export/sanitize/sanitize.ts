/** Cleans HTML and SVG that a notebook brings along: nothing in it can run, load, or reach out of its place. */
import type { Config, DOMPurify, WindowLike } from 'dompurify';
import { loadsSomething } from '../../text/css-references.ts';
import { type Html, html, trusted } from '../markup/markup.ts';
import { filterStyle } from './safe-style.ts';

/** Our own ids start so; a notebook's may not. */
export const OWN_ID_PREFIX = 'tsbert-';

/** A cleaned piece of a notebook as a DOM, for the steps that follow. */
export interface CleanFragment {
  /** The element that holds the cleaned nodes. */
  readonly root: HTMLElement;
}

/** Cleans what a notebook brings along. */
export interface Sanitizer {
  /** HTML for the page, as DOM: scripts, handlers, forms, frames, classes, style sheets and odd links are gone. */
  clean(markup: string): CleanFragment;
  /** An SVG document as one for an `<img>`, or undefined when nothing of it is left. */
  cleanSvg(markup: string): string | undefined;
}

const FORBIDDEN_TAGS = [
  'style',
  'form',
  'input',
  'button',
  'select',
  'option',
  'optgroup',
  'datalist',
  'textarea',
  'dialog',
  'fieldset',
  'menu',
  'marquee',
  'nav',
  'main',
  'header',
  'footer',
  'aside',
  'template',
  'slot',
];
const FORBIDDEN_ATTRIBUTES = [
  'name',
  'srcset',
  'action',
  'formaction',
  'autofocus',
  'tabindex',
  'accesskey',
  'autoplay',
  'background',
  'usemap',
  'is',
  'slot',
  'popover',
  'popovertarget',
  'inert',
];

const HTML_CONFIG: Config = {
  USE_PROFILES: { html: true, svg: true, mathMl: true },
  FORBID_TAGS: FORBIDDEN_TAGS,
  FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
  // Links to pages, mail and places in this page; data: is only for pictures and sound, which DOMPurify checks itself.
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|attachment:|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  RETURN_DOM_FRAGMENT: true,
};

const SVG_CONFIG: Config = {
  USE_PROFILES: { svg: true, svgFilters: true },
  ADD_TAGS: ['use', 'style'],
  ADD_ATTR: ['xmlns', 'xmlns:xlink'],
  FORBID_TAGS: [
    'foreignobject',
    'animate',
    'set',
    'animatemotion',
    'animatetransform',
    'a',
    'image',
    'feimage',
  ],
  RETURN_DOM_FRAGMENT: true,
};

let started: Promise<Sanitizer> | undefined;

/** The sanitizer of this process: DOMPurify on a DOM of its own (jsdom), both loaded when the first page is made. */
export function loadSanitizer(): Promise<Sanitizer> {
  started ??= createSanitizer();
  return started;
}

async function createSanitizer(): Promise<Sanitizer> {
  const [{ JSDOM }, { default: createDOMPurify }] = await Promise.all([import('jsdom'), import('dompurify')]);
  const { window } = new JSDOM('<!doctype html>');
  // The types of trustedTypes, which jsdom has not, are an optional package of DOMPurify's: without it they differ.
  const forHtml = createDOMPurify(window as unknown as WindowLike);
  const forSvg = createDOMPurify(window as unknown as WindowLike);
  addHtmlHooks(forHtml);
  addSvgHooks(forSvg);
  return {
    clean(markup) {
      const root = window.document.createElement('div');
      const fragment = forHtml.sanitize(markup, HTML_CONFIG) as unknown as DocumentFragment | null;
      if (fragment) root.append(fragment);
      return { root };
    },
    cleanSvg(markup) {
      const withoutProlog = markup.replace(/<\?xml[\s\S]*?\?>|<!doctype[^>[]*(?:\[[\s\S]*?\])?[^>]*>/gi, '');
      const fragment = forSvg.sanitize(withoutProlog, SVG_CONFIG) as unknown as DocumentFragment | null;
      const svg = fragment?.querySelector('svg');
      return svg ? new window.XMLSerializer().serializeToString(svg) : undefined;
    },
  };
}

/** The cleaned nodes as HTML. */
export function fragmentHtml({ root }: CleanFragment): Html {
  return trusted(root.innerHTML);
}

function addHtmlHooks(purify: DOMPurify): void {
  purify.addHook('uponSanitizeElement', (node, { tagName }) => {
    if (tagName === 'iframe') replaceFrame(node as unknown as Element);
  });
  purify.addHook('afterSanitizeAttributes', (node) => {
    const element = node as unknown as Element;
    if (element.tagName.toLowerCase() === 'use') element.remove();
    restrictIdentity(element);
    restrictStyle(element);
    restrictMedia(element);
    dropOutsideReferences(element);
    if (element.tagName === 'A' && element.hasAttribute('href')) {
      element.removeAttribute('target');
      if (/^attachment:/i.test(element.getAttribute('href')!)) element.removeAttribute('href');
      element.setAttribute('rel', 'noopener noreferrer');
    }
  });
}

/** An embedded page becomes a link to it. */
function replaceFrame(frame: Element): void {
  const address = frame.getAttribute?.('src') ?? '';
  if (!/^https?:\/\//i.test(address) || !frame.parentNode) return;
  const paragraph = frame.ownerDocument.createElement('p');
  const link = frame.ownerDocument.createElement('a');
  link.setAttribute('href', address);
  link.textContent = `Embedded page: ${address}`;
  paragraph.append(link);
  frame.parentNode.insertBefore(paragraph, frame);
}

/** The page's own names stay the page's: no classes but pandas' one, no id like ours. */
function restrictIdentity(element: Element): void {
  if (element.classList?.contains('dataframe')) element.setAttribute('class', 'dataframe');
  else element.removeAttribute('class');
  if (element.id?.toLowerCase().startsWith(OWN_ID_PREFIX)) element.removeAttribute('id');
  for (const { name } of [...element.attributes]) {
    if (name.startsWith('data-tsbert') && name !== 'data-tsbert-slot') element.removeAttribute(name);
  }
}

function restrictStyle(element: Element): void {
  const style = element.getAttribute('style');
  if (style === null) return;
  const kept = filterStyle(style);
  if (kept === '') element.removeAttribute('style');
  else element.setAttribute('style', kept);
}

/** Pictures and sound come from the notebook alone, never from the network. */
function restrictMedia(element: Element): void {
  const name = element.tagName.toLowerCase();
  if (name === 'video' || name === 'audio' || name === 'source' || name === 'track') {
    const source = element.getAttribute('src');
    if (source !== null && !/^data:(?:audio|video)\//i.test(source)) element.removeAttribute('src');
    element.removeAttribute('poster');
    if (name === 'video' || name === 'audio') element.setAttribute('controls', '');
  }
  for (const attribute of ['href', 'xlink:href']) {
    const value = element.getAttribute(attribute);
    const isSvgReference = value !== null && name !== 'a' && !value.startsWith('#');
    if (isSvgReference) element.removeAttribute(attribute);
  }
}

/** Presentation attributes of SVG may name a gradient of the same picture, not one elsewhere. */
function dropOutsideReferences(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const isText = name === 'alt' || name === 'title' || name === 'href' || name.startsWith('aria-');
    if (!isText && loadsSomething(value)) element.removeAttribute(name);
  }
}

/** In an SVG picture, references stay inside it and style sheets load nothing. */
function addSvgHooks(purify: DOMPurify): void {
  purify.addHook('afterSanitizeAttributes', (node) => {
    const element = node as unknown as Element;
    for (const attribute of ['href', 'xlink:href']) {
      const value = element.getAttribute(attribute);
      if (value !== null && !value.startsWith('#')) element.removeAttribute(attribute);
    }
    dropOutsideReferences(element);
    const isStyle = element.tagName.toLowerCase() === 'style';
    const css = isStyle ? (element.textContent ?? '') : '';
    if (/expression|<|\\/i.test(css) || loadsSomething(css)) element.remove();
  });
}

/** A note in place of something that the page cannot hold. */
export function note(text: string): Html {
  return html`<p class="note">${text}</p>`;
}
