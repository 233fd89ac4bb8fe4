/** Routes of File → Save and Export Notebook As: pages and scripts made by our own exporter. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseNotebook } from '../../jupyter/notebook/nbformat.ts';
import type { Locate } from '../contents/locate.ts';
import { notFound } from '../http/errors.ts';
import { FILE_POLICY } from '../http/policy.ts';
import { text } from '../http/reply.ts';
import type { LabRequest, RouteLine } from '../http/router.ts';

/** The formats that the menu offers, named as nbconvert names them: the page has titles for these. */
const FORMATS = {
  html: { output_mimetype: 'text/html' },
  script: { output_mimetype: 'text/plain' },
  notebook: { output_mimetype: 'application/json' },
};

export function exportRoutes(locate: Locate): RouteLine[] {
  return [
    [
      'GET',
      '/api/nbconvert',
      () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(FORMATS),
      }),
    ],
    [
      'GET',
      '/nbconvert/html/(.+)',
      async (asked) => {
        const { notebook, savedAt, file, stem } = await readNotebook(locate, asked);
        // These bring a DOM and a highlighter: not before they are needed.
        const { exportHtml } = await import('../../export/html.ts');
        const { imagesBeside } = await import('../../export/markup/images-beside.ts');
        const readImage = imagesBeside(file);
        const page = await exportHtml(notebook, {
          live: true,
          date: savedAt,
          fallbackTitle: stem,
          readImage,
        });
        return text('text/html', page, {
          'content-security-policy': FILE_POLICY,
          ...asFile(asked, `${stem}.html`),
        });
      },
    ],
    [
      'GET',
      '/nbconvert/script/(.+)',
      async (asked) => {
        const { notebook, stem } = await readNotebook(locate, asked);
        const { exportScript } = await import('../../export/script.ts');
        return text('text/plain', exportScript(notebook), asFile(asked, `${stem}.ts`));
      },
    ],
    [
      'GET',
      '/nbconvert/notebook/(.+)',
      async (asked) => {
        const { source, stem } = await readNotebook(locate, asked);
        return text('application/json', source, asFile(asked, `${stem}.ipynb`));
      },
    ],
  ];
}

async function readNotebook(locate: Locate, { params: [path] }: LabRequest) {
  const file = locate(path!);
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) throw notFound(path!);
  const source = await readFile(file, 'utf8');
  return {
    notebook: parseNotebook(source, path!),
    source,
    savedAt: info.mtime,
    file,
    stem: basename(file, '.ipynb'),
  };
}

function asFile({ query }: LabRequest, name: string): Record<string, string> {
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
  return {
    'cache-control': 'no-store',
    ...(query.get('download') === 'true' && { 'content-disposition': disposition }),
  };
}
