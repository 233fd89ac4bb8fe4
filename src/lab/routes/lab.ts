/** Routes of JupyterLab itself: its page, its assets, settings, workspaces, and the small questions it asks. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { objectField, SMALL_BODY, textField } from '../http/body.ts';
import { HttpError } from '../http/errors.ts';
import { contentType } from '../http/mime.ts';
import { labPolicy } from '../http/policy.ts';
import { json, NO_CONTENT, type Reply, redirect, text } from '../http/reply.ts';
import type { RouteLine } from '../http/router.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Interface } from '../page/interface.ts';
import { labPage } from '../page/page.ts';
import type { Settings } from '../settings/settings.ts';
import type { Workspaces } from '../settings/workspaces.ts';

/** What these routes stand on. */
export interface LabParts {
  assets: Interface;
  settings: Settings;
  workspaces: Workspaces;
  kernels: Kernels;
}

/** The version of Jupyter's server whose API this one answers. */
const API_VERSION = '2.17.0';
const WORKSPACE_BODY = 16 * SMALL_BODY;
/** Assets carry their content's hash in their name; what is named `main` may change. */
const FOR_EVER = 'max-age=31536000, immutable';

export function labRoutes(parts: LabParts): RouteLine[] {
  return [...questionRoutes(parts), ...settingRoutes(parts), ...workspaceRoutes(parts), ...pageRoutes(parts)];
}

function questionRoutes({ assets, kernels }: LabParts): RouteLine[] {
  const started = new Date();
  const me = { username: 'me', name: 'me', display_name: 'me', initials: 'm', avatar_url: null, color: null };
  return [
    ['GET', '/api/?', () => json({ version: API_VERSION })],
    [
      'GET',
      '/api/status',
      () => {
        const models = kernels.list().map(({ model }) => model);
        const connections = models.reduce((sum, one) => sum + one.connections, 0);
        return json({ kernels: models.length, connections, started, last_activity: new Date() });
      },
    ],
    ['GET', '/api/me', () => json({ identity: me, permissions: {} })],
    ['GET', '/api/terminals', () => json([])],
    [
      'GET',
      '/lab/api/translations/?',
      () => json({ data: { en: { displayName: 'English', nativeName: 'English' } }, message: '' }),
    ],
    ['GET', '/lab/api/translations/.+', () => json({ data: {}, message: '' })],
    [
      'GET',
      '/lab/api/licenses/?',
      async () => json(JSON.parse(await readFile(join(assets.folder, 'licenses.json'), 'utf8'))),
    ],
  ];
}

function settingRoutes({ settings }: LabParts): RouteLine[] {
  return [
    [
      'GET',
      '/lab/api/settings/?',
      async ({ query }) => {
        const idsOnly = query.get('ids_only') === 'true';
        return json({ settings: idsOnly ? settings.ids.map((id) => ({ id })) : await settings.list() });
      },
    ],
    ['GET', '/lab/api/settings/(.+)', async ({ params: [id] }) => json(await settings.read(id!))],
    [
      'PUT',
      '/lab/api/settings/(.+)',
      async (asked) => {
        await settings.write(asked.params[0]!, textField(await asked.readJson(), 'raw'));
        return NO_CONTENT;
      },
    ],
  ];
}

function workspaceRoutes({ workspaces }: LabParts): RouteLine[] {
  return [
    [
      'GET',
      '/lab/api/workspaces/?',
      async () => {
        const values = await workspaces.list();
        return json({ workspaces: { ids: values.map(({ metadata }) => metadata.id), values } });
      },
    ],
    ['GET', '/lab/api/workspaces/(.+)', async ({ params: [id] }) => json(await workspaces.read(id!))],
    [
      'PUT',
      '/lab/api/workspaces/(.+)',
      async (asked) => {
        const body = await asked.readJson(WORKSPACE_BODY);
        objectField(body, 'data');
        await workspaces.write(asked.params[0]!, body);
        return NO_CONTENT;
      },
    ],
    [
      'DELETE',
      '/lab/api/workspaces/(.+)',
      async ({ params: [id] }) => {
        await workspaces.remove(id!);
        return NO_CONTENT;
      },
    ],
  ];
}

function pageRoutes({ assets }: LabParts): RouteLine[] {
  return [
    ['GET', '/', () => redirect('/lab')],
    [
      'GET',
      '/lab(?:/workspaces/([^/]+))?(?:/tree(?:/(.*))?)?/?',
      ({ headers, params: [workspace, tree] }) =>
        text('text/html', labPage(assets, { workspace: workspace || 'default', tree: tree ?? '' }), {
          'content-security-policy': labPolicy(headers.host ?? ''),
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
        }),
    ],
    [
      'GET',
      '/static/(.+)',
      ({ params: [path] }) =>
        asset(assets, 'static', path!, path!.startsWith('main.') ? 'no-cache' : FOR_EVER),
    ],
    ['GET', '/lab/api/themes/(.+)', ({ params: [path] }) => asset(assets, 'themes', path!, 'no-cache')],
  ];
}

function asset({ folder }: Interface, part: string, path: string, cache: string): Reply {
  const isPlain = path.split('/').every((name) => /^[@\w-][\w.-]*$/.test(name));
  if (!isPlain) throw new HttpError(404, 'There is no such file.');
  const headers = { 'content-type': contentType(path), 'cache-control': cache };
  return { status: 200, file: join(folder, part, path), compressed: true, headers };
}
