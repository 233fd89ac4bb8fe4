/** Pictures in a page: as data inside it, with a text for those who do not see them; never from an address. */
import type { MimeBundle } from '../../jupyter/notebook/nbformat.ts';
import { type Html, html } from './markup.ts';

/** Types of pictures that a page can hold. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'] as const;

/** Reads a picture that a notebook names by a relative path; undefined when there is none. */
export type ImageReader = (path: string) => Promise<{ mime: string; base64: string } | undefined>;

/** The address of base64 data, or undefined when it is no base64. */
export function dataAddress(mime: string, base64: unknown): string | undefined {
  if (typeof base64 !== 'string') return undefined;
  const clean = base64.replace(/\s+/g, '');
  return clean !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(clean) ? `data:${mime};base64,${clean}` : undefined;
}

/** The picture of an attachment or a bundle, in the first type that a page can hold. */
export function bundleImage(bundle: MimeBundle): string | undefined {
  for (const mime of IMAGE_TYPES) {
    const address = mime in bundle ? dataAddress(mime, bundle[mime]) : undefined;
    if (address) return address;
  }
  return undefined;
}

/** A picture in an `<img>`, with the size that its metadata asks for. */
export function imageHtml(
  address: string,
  { alt, metadata = {} }: { alt: string; metadata?: Record<string, unknown> },
): Html {
  const width = sizeOf(metadata.width);
  const height = sizeOf(metadata.height);
  return html`<img src="${address}" alt="${alt}"${width && html` width="${width}"`}${height && html` height="${height}"`}>`;
}

function sizeOf(value: unknown): number | undefined {
  const size = Number(value);
  return Number.isFinite(size) && size >= 1 && size <= 10_000 ? Math.round(size) : undefined;
}

/**
 * Fills in or replaces the pictures of a cleaned piece of HTML: attachments and files become data, an address in
 * the network becomes a link, and every picture has an alternative text.
 */
export async function settleImages(
  root: HTMLElement,
  {
    attachments = {},
    readImage,
  }: { attachments?: Record<string, MimeBundle> | undefined; readImage?: ImageReader | undefined },
): Promise<void> {
  for (const image of root.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    const address = await resolveImage(source, attachments, readImage);
    if (address === undefined) {
      image.replaceWith(missingImage(image, source));
      continue;
    }
    image.setAttribute('src', address);
    const isDecoration = image.getAttribute('alt') === '';
    if (!image.hasAttribute('alt') || (isDecoration && !image.closest('td, th'))) {
      image.setAttribute('alt', image.getAttribute('title') || fileName(source));
    }
  }
}

async function resolveImage(
  source: string,
  attachments: Record<string, MimeBundle>,
  readImage: ImageReader | undefined,
): Promise<string | undefined> {
  if (/^data:image\//i.test(source)) return source;
  if (/^attachment:/i.test(source)) {
    const name = decode(source.slice('attachment:'.length));
    const bundle = Object.hasOwn(attachments, name) ? attachments[name] : undefined;
    return bundle && bundleImage(bundle);
  }
  if (source === '' || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(source)) return undefined;
  const file = await readImage?.(decode(source));
  return file && dataAddress(file.mime, file.base64);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fileName(source: string): string {
  if (/^data:/i.test(source)) return 'Picture';
  return (
    decode(source.replace(/^attachment:/i, '').split(/[?#]/)[0]!)
      .split('/')
      .at(-1) || 'Picture'
  );
}

/** What stands for a picture that is not in the notebook: its text, and a link to where it is. */
function missingImage(image: Element, source: string): Element {
  const document = image.ownerDocument;
  const alt = image.getAttribute('alt') || fileName(source);
  const isLinked = image.closest('a') !== null;
  const isAddress = /^https?:\/\//i.test(source);
  const element = document.createElement(isAddress && !isLinked ? 'a' : 'span');
  if (isAddress && !isLinked) {
    element.setAttribute('href', source);
    element.setAttribute('rel', 'noopener noreferrer');
  }
  element.textContent = `Picture not in this page: ${alt}`;
  return element;
}
