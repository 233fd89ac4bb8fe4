/** From a request to its answer: who asks is checked first, then its route is found, then the answer is written. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access, Asked } from './access.ts';
import { readJsonBody } from './body.ts';
import { HttpError } from './errors.ts';
import { loginPage, onwardPage } from './login-page.ts';
import { LOGIN_POLICY } from './policy.ts';
import { json, type Reply, redirect, send, text } from './reply.ts';
import type { Router } from './router.ts';

/** A wrong password costs this long, so that guessing takes years. */
const WRONG_PASSWORD_MS = 1000;
const LOGIN_BODY = 4000;

/** Answers one request. Never rejects: what goes wrong is an answer too. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  router: Router,
) {
  try {
    await send(response, await replyTo(request, access, router));
  } catch (error) {
    const status = error instanceof HttpError ? error.status : 500;
    if (response.headersSent) return void response.destroy();
    // What was not read of a refused body would be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close');
    await send(response, json({ message: messageOf(error) }, status)).catch(() => response.destroy());
  }
}

/** What happened, in the words of the system where it refused something, without a stack. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function replyTo(request: IncomingMessage, access: Access, router: Router): Promise<Reply> {
  const { method = 'GET', headers } = request;
  const url = new URL(`http://localhost${request.url?.startsWith('/') ? request.url : '/'}`);
  const asked: Asked = { method, headers, url };
  const path = decodePath(url.pathname);
  if (path === '/login') return logIn(request, asked, access);
  access.checkPlace(asked);
  const isPage = method === 'GET' && headers['sec-fetch-mode'] !== 'cors' && /^\/(lab.*)?$/.test(path);
  if (isPage && access.hasPassword && !access.isLoggedIn(asked)) return redirect('/login');
  access.check(asked);
  if (access.hasToken(asked) && isPage) return withoutToken(url, access.cookie);
  const route = router(method, path);
  if (!route) throw new HttpError(404, `There is nothing at ${path}.`);
  const readJson = (limit?: number) => readJsonBody(request, limit);
  return route.handle({ params: route.params, query: url.searchParams, headers, readJson });
}

/**
 * The token leaves the address at once: it would stay in the history, and be seen over a shoulder. By a page, not by a
 * redirect: a browser that was sent here by another program's page would not show the new cookie on the way.
 */
function withoutToken(url: URL, cookie: string): Reply {
  url.searchParams.delete('token');
  const headers = { 'set-cookie': cookie, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  return text('text/html', onwardPage(url.pathname + url.search), {
    ...headers,
    'content-security-policy': LOGIN_POLICY,
  });
}

async function logIn(request: IncomingMessage, asked: Asked, access: Access): Promise<Reply> {
  access.checkPlace(asked);
  const headers = { 'content-security-policy': LOGIN_POLICY, 'cache-control': 'no-store' };
  if (asked.method !== 'POST') return text('text/html', loginPage(), headers);
  if (access.isPassword(await readPassword(request)))
    return redirect('/lab', { 'set-cookie': access.cookie });
  await new Promise((over) => setTimeout(over, WRONG_PASSWORD_MS));
  return text('text/html', loginPage('This is not the password.'), headers, 403);
}

async function readPassword(request: IncomingMessage): Promise<string> {
  let form = '';
  for await (const chunk of request) {
    form += chunk;
    if (form.length > LOGIN_BODY) throw new HttpError(413, 'The form is too large.');
  }
  return new URLSearchParams(form).get('password') ?? '';
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new HttpError(400, 'The address is malformed.');
  }
}
