/** Routes of kernels, kernelspecs and sessions. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Locate } from '../contents/locate.ts';
import { objectField, optionalText, textField } from '../http/body.ts';
import { HttpError } from '../http/errors.ts';
import { contentType } from '../http/mime.ts';
import { json, NO_CONTENT } from '../http/reply.ts';
import type { RouteLine } from '../http/router.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { KernelSpecs } from '../kernels/kernelspecs.ts';
import type { SessionRequest, Sessions } from '../kernels/sessions.ts';

/** What these routes stand on. */
export interface KernelParts {
  kernels: Kernels;
  sessions: Sessions;
  specs: KernelSpecs;
  locate: Locate;
  root: string;
}

export function kernelRoutes(parts: KernelParts): RouteLine[] {
  return [...specRoutes(parts), ...runningRoutes(parts), ...sessionRoutes(parts)];
}

function specRoutes({ specs }: KernelParts): RouteLine[] {
  return [
    ['GET', '/api/kernelspecs', async () => json(await specs.list())],
    [
      'GET',
      '/api/kernelspecs/([^/]+)',
      async ({ params: [name] }) => {
        const { kernelspecs } = await specs.list();
        if (!Object.hasOwn(kernelspecs, name!)) throw new HttpError(404, `Kernel spec ${name} not found`);
        return json(kernelspecs[name!]);
      },
    ],
    [
      'GET',
      '/kernelspecs/([^/]+)/([^/]+)',
      async ({ params: [name, file] }) => ({
        status: 200,
        file: await specs.resource(name!, file!),
        headers: { 'content-type': contentType(file!), 'cache-control': 'max-age=3600' },
      }),
    ],
  ];
}

function runningRoutes({ kernels, sessions, locate, root }: KernelParts): RouteLine[] {
  return [
    ['GET', '/api/kernels', () => json(kernels.list().map(({ model }) => model))],
    [
      'POST',
      '/api/kernels',
      async (asked) => {
        const body = await asked.readJson();
        const kernel = await kernels.start(
          optionalText(body, 'name'),
          folderOf(optionalText(body, 'path'), locate, root),
        );
        return json(kernel.model, 201, { location: `/api/kernels/${kernel.id}` });
      },
    ],
    ['GET', '/api/kernels/([^/]+)', ({ params: [id] }) => json(kernels.get(id!).model)],
    [
      'DELETE',
      '/api/kernels/([^/]+)',
      async ({ params: [id] }) => {
        kernels.get(id!);
        sessions.forgetKernel(id!);
        await kernels.stop(id!);
        return NO_CONTENT;
      },
    ],
    [
      'POST',
      '/api/kernels/([^/]+)/interrupt',
      async ({ params: [id] }) => {
        await kernels.get(id!).interrupt();
        return NO_CONTENT;
      },
    ],
    [
      'POST',
      '/api/kernels/([^/]+)/restart',
      async ({ params: [id] }) => {
        const kernel = kernels.get(id!);
        await kernel.restart();
        return json(kernel.model);
      },
    ],
  ];
}

function sessionRoutes({ sessions, locate, root }: KernelParts): RouteLine[] {
  return [
    ['GET', '/api/sessions', () => json(sessions.list())],
    [
      'POST',
      '/api/sessions',
      async (asked) => {
        const request = readSession(await asked.readJson());
        const session = await sessions.open(request, folderOf(request.path, locate, root));
        return json(session, 201, { location: `/api/sessions/${session.id}` });
      },
    ],
    ['GET', '/api/sessions/([^/]+)', ({ params: [id] }) => json(sessions.read(id!))],
    [
      'PATCH',
      '/api/sessions/([^/]+)',
      async (asked) => {
        const body = await asked.readJson();
        return json(await sessions.change(asked.params[0]!, { ...readChanges(body), ...readKernel(body) }));
      },
    ],
    [
      'DELETE',
      '/api/sessions/([^/]+)',
      async ({ params: [id] }) => {
        await sessions.close(id!);
        return NO_CONTENT;
      },
    ],
  ];
}

/** The folder that a kernel runs in: the notebook's. A console's path names no file: the served folder. */
function folderOf(path: string | undefined, locate: Locate, root: string): string {
  if (!path) return root;
  const file = locate(path);
  if (existsSync(file) && statSync(file).isDirectory()) return file;
  return existsSync(dirname(file)) ? dirname(file) : root;
}

function readSession(body: Record<string, unknown>): SessionRequest {
  const [path, type] = [textField(body, 'path'), textField(body, 'type')];
  return { path, type, name: optionalText(body, 'name') ?? '', ...readKernel(body) };
}

function readChanges(body: Record<string, unknown>): Partial<SessionRequest> {
  const [path, name, type] = ['path', 'name', 'type'].map((field) => optionalText(body, field));
  return {
    ...(path !== undefined && { path }),
    ...(name !== undefined && { name }),
    ...(type !== undefined && { type }),
  };
}

function readKernel(body: Record<string, unknown>): { kernelId?: string; kernelName?: string } {
  const kernel = objectField(body, 'kernel');
  const [id, name] = [optionalText(kernel, 'id'), optionalText(kernel, 'name')];
  return { ...(id && { kernelId: id }), ...(name && { kernelName: name }) };
}
