/** Routes of files: the contents API, checkpoints, trust, and the files themselves. */
import { basename } from 'node:path';
import type { Contents, CreateRequest, SaveRequest } from '../contents/contents.ts';
import type { ContentsModel, ContentType, ModelRequest } from '../contents/model.ts';
import { optionalText, textField } from '../http/body.ts';
import { HttpError } from '../http/errors.ts';
import { contentType } from '../http/mime.ts';
import { FILE_POLICY } from '../http/policy.ts';
import { json, NO_CONTENT, type Reply } from '../http/reply.ts';
import type { LabRequest, RouteLine } from '../http/router.ts';

/** Notebooks with their pictures, and parts of uploads. */
const LARGE_BODY = 512_000_000;

/** @see https://petstore.swagger.io/?url=https://raw.githubusercontent.com/jupyter-server/jupyter_server/main/jupyter_server/services/api/api.yaml */
export function contentsRoutes(contents: Contents): RouteLine[] {
  const { checkpoints } = contents;
  const path = ({ params }: LabRequest) => params[0]!;
  return [
    ['GET', '/api/contents/(.+)/checkpoints', async (asked) => json(await checkpoints.list(path(asked)))],
    [
      'POST',
      '/api/contents/(.+)/checkpoints',
      async (asked) => json(await checkpoints.create(path(asked)), 201),
    ],
    [
      'POST',
      '/api/contents/(.+)/checkpoints/([^/]+)',
      async ({ params: [file, id] }) => {
        await checkpoints.restore(file!, id!);
        return NO_CONTENT;
      },
    ],
    [
      'DELETE',
      '/api/contents/(.+)/checkpoints/([^/]+)',
      async ({ params: [file, id] }) => {
        await checkpoints.remove(file!, id!);
        return NO_CONTENT;
      },
    ],
    [
      'POST',
      '/api/contents/(.+)/trust',
      async (asked) => {
        await contents.trustNotebook(path(asked));
        return { status: 201 };
      },
    ],
    [
      'GET',
      '/api/contents/?(.*)',
      async (asked) => describe(await contents.read(path(asked), readQuery(asked))),
    ],
    [
      'POST',
      '/api/contents/?(.*)',
      async (asked) => {
        const body = readCreate(await asked.readJson());
        return located(await contents.create(path(asked), body), 201);
      },
    ],
    [
      'PUT',
      '/api/contents/(.+)',
      async (asked) => {
        const body = readSave(await asked.readJson(LARGE_BODY));
        const { model, isNew } = await contents.save(path(asked), body);
        return located(model, isNew ? 201 : 200);
      },
    ],
    [
      'PATCH',
      '/api/contents/(.+)',
      async (asked) => {
        const to = textField(await asked.readJson(), 'path');
        return located(await contents.move(path(asked), to), 200);
      },
    ],
    [
      'DELETE',
      '/api/contents/(.+)',
      async (asked) => {
        await contents.remove(path(asked));
        return NO_CONTENT;
      },
    ],
    ['GET', '/files/(.+)', (asked) => sendFile(contents, path(asked), asked.query.has('download'))],
  ];
}

function sendFile(contents: Contents, path: string, isDownload: boolean): Reply {
  const name = encodeURIComponent(basename(path));
  return {
    status: 200,
    file: contents.locate(path),
    headers: {
      'content-type': contentType(path),
      'content-security-policy': FILE_POLICY,
      'cache-control': 'no-cache',
      ...(isDownload && { 'content-disposition': `attachment; filename*=UTF-8''${name}` }),
    },
  };
}

function describe(model: ContentsModel): Reply {
  return json(model, 200, { 'last-modified': new Date(model.last_modified).toUTCString() });
}

function located(model: ContentsModel, status: number): Reply {
  const location = `/api/contents/${model.path.split('/').map(encodeURIComponent).join('/')}`;
  return json(model, status, { location });
}

function readQuery({ query }: LabRequest): ModelRequest {
  const [type, format] = [query.get('type'), query.get('format')];
  if (format !== null && format !== 'text' && format !== 'base64')
    throw new HttpError(400, `The format '${format}' is invalid: "text" or "base64".`);
  return {
    // An unknown type is taken for a file, as Jupyter does.
    ...(type && { type: (['notebook', 'directory'].includes(type) ? type : 'file') as ContentType }),
    ...(format && { format }),
    content: query.get('content') !== '0',
    hash: query.get('hash') === '1',
  };
}

function readCreate(body: Record<string, unknown>): CreateRequest {
  const [from, type, ext] = ['copy_from', 'type', 'ext'].map((name) => optionalText(body, name));
  return { ...(from && { copy_from: from }), ...(type && { type }), ...(ext && { ext }) };
}

function readSave(body: Record<string, unknown>): SaveRequest {
  const [type, format] = ['type', 'format'].map((name) => optionalText(body, name));
  const { content, chunk } = body;
  return {
    ...(type && { type }),
    ...(format && { format }),
    ...(content !== undefined && content !== null && { content }),
    ...(typeof chunk === 'number' && { chunk }),
  };
}
