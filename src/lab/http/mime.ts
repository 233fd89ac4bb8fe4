/** The MIME type of a file by the end of its name, and whether it is text. */
import { extname } from 'node:path';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.htm': 'text/html',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.json': 'application/json',
  '.ipynb': 'application/x-ipynb+json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.pdf': 'application/pdf',
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.bin': 'application/octet-stream',
  '.zip': 'application/zip',
  '.gz': 'application/gzip',
};

/** @returns undefined where the name tells nothing */
export function mimeType(path: string): string | undefined {
  return TYPES[extname(path).toLowerCase()];
}

/** The header's value, with the encoding where it is text. */
export function contentType(path: string): string {
  const type = mimeType(path) ?? 'application/octet-stream';
  return /^text\/|json$|svg/.test(type) ? `${type}; charset=utf-8` : type;
}
