/** Attacks by raw requests: without the secret, from other sites, out of the folder, too large, too slow. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../../../src/lab/kernels/frames.ts';
import { startTestLab, type TestLab } from '../lab-server.ts';

let lab: TestLab;
let host: string;

beforeAll(async () => {
  lab = await startTestLab({ 'page.html': '<script>1</script>', 'a.txt': 'a', '.env': 'SECRET=1' });
  host = `127.0.0.1:${lab.server.port}`;
  mkdirSync(join(lab.stateFolder), { recursive: true });
  writeFileSync(join(lab.stateFolder, 'outside.txt'), 'outside');
  symlinkSync(lab.stateFolder, join(lab.folder, 'way-out'));
  symlinkSync(join(lab.stateFolder, 'outside.txt'), join(lab.folder, 'way-out.txt'));
});
afterAll(() => lab.close());

const bare = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
  lab.ask(method, path, { bare: true, headers: { host, ...headers }, body });

/** Opens the address with the token as a browser does. @returns the cookie */
async function logIn(): Promise<string> {
  const answer = await bare('GET', `/lab?token=${lab.server.token}`);
  return String(answer.headers['set-cookie']).split(';')[0]!;
}

describe('the secret', () => {
  it('is needed for everything', async () => {
    for (const path of [
      '/',
      '/lab',
      '/api',
      '/api/contents',
      '/files/a.txt',
      '/static/main.js',
      '/api/kernelspecs',
    ])
      expect([path, (await bare('GET', path)).status]).toEqual([path, 403]);
    expect((await bare('POST', '/api/kernels', { origin: `http://${host}` })).status).toBe(403);
  });

  it.each(['', 'x', 'é', '%00'])('refuses the wrong token %j', async (token) => {
    expect((await bare('GET', `/api?token=${encodeURIComponent(token)}`)).status).toBe(403);
    expect((await bare('GET', '/api', { authorization: `token ${encodeURIComponent(token)}` })).status).toBe(
      403,
    );
    expect(
      (await bare('GET', '/api', { cookie: `tsbert-lab-${lab.server.port}=${lab.server.token}` })).status,
    ).toBe(403);
  });

  it('leaves the address at once, and is neither in the cookie nor in the page', async () => {
    const answer = await bare('GET', `/lab/tree/a.txt?token=${lab.server.token}`);
    expect(answer.body).toContain('content="0;url=/lab/tree/a.txt"');
    expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect(String(answer.headers['set-cookie'])).not.toContain(lab.server.token);
    const cookie = await logIn();
    const page = await bare('GET', '/lab', { cookie });
    expect(page.status).toBe(200);
    expect(page.body).not.toContain(lab.server.token);
    expect(page.body).not.toContain(cookie.split('=')[1]);
  });
});

describe('other sites', () => {
  it('cannot write with the cookie alone, nor from another origin', async () => {
    const cookie = await logIn();
    const make = (headers: Record<string, string>) =>
      bare('POST', '/api/contents', { cookie, ...headers }, { type: 'file' }).then(({ status }) => status);
    expect(await make({})).toBe(403);
    expect(await make({ origin: 'https://evil.example' })).toBe(403);
    expect(await make({ origin: 'null' })).toBe(403);
    expect(await make({ origin: `http://localhost:${lab.server.port}` })).toBe(403);
    expect(await make({ origin: `http://${host}` })).toBe(201);
  });

  it('cannot read: no answer allows it, and what a browser marks as cross-site is refused', async () => {
    const cookie = await logIn();
    const marked = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await bare('GET', '/files/a.txt', marked)).status).toBe(403);
    const { headers } = await bare('GET', '/files/a.txt', { cookie });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await bare('OPTIONS', '/api/contents', { cookie, origin: 'https://evil.example' })).status).toBe(
      403,
    );
  });

  it.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'evil.example:PORT'])(
    'cannot point a name of theirs here: Host %s',
    async (name) => {
      const headers = {
        host: name.replace('PORT', String(lab.server.port)),
        authorization: `token ${lab.server.token}`,
      };
      expect((await lab.ask('GET', '/api', { bare: true, headers })).status).toBe(403);
    },
  );

  it('cannot open a websocket', async () => {
    const { id } = (await lab.ask('POST', '/api/kernels', { body: {} })).json();
    const cookie = await logIn();
    const open = (headers: Record<string, string>, protocol = SUBPROTOCOL) =>
      new Promise<number | 'open'>((resolve) => {
        const socket = new WebSocket(`ws://${host}/api/kernels/${id}/channels`, protocol, { headers });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
        socket.on('error', () => {});
        socket.on('open', () => {
          socket.close();
          resolve('open');
        });
      });
    expect(await open({ cookie })).toBe(403);
    expect(await open({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await open({ origin: `http://${host}` })).toBe(403);
    expect(await open({ cookie, origin: `http://${host}` }, 'other')).toBe(400);
    expect(await open({ cookie, origin: `http://${host}` })).toBe('open');
    await lab.ask('DELETE', `/api/kernels/${id}`);
  });
});

const WAYS_OUT = [
  '../state/outside.txt',
  '..%2fstate%2foutside.txt',
  '%2e%2e/state/outside.txt',
  '%2e%2e%2fstate%2foutside.txt',
  '..%5cstate%5coutside.txt',
  '%252e%252e%252fstate/outside.txt',
  'sub/../../state/outside.txt',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'way-out/outside.txt',
  'way-out.txt',
  'a.txt%00.html',
  '.env',
  '.hidden/x.txt',
  './.env',
  'C:%5cWindows%5cwin.ini',
];

describe('paths', () => {
  it.each(WAYS_OUT)('%s leads to nothing', async (path) => {
    for (const address of [
      `/files/${path}`,
      `/api/contents/${path}`,
      `/nbconvert/html/${path}`,
      `/static/${path}`,
      `/lab/api/themes/${path}`,
    ]) {
      const answer = await lab.ask('GET', address);
      expect([address, answer.status >= 400 || answer.body.startsWith('<!doctype')]).toEqual([address, true]);
      expect(answer.body).not.toMatch(/outside$|SECRET|root:|secret/);
    }
    const write = await lab.ask('PUT', `/api/contents/${path}`, {
      body: { type: 'file', format: 'text', content: 'x' },
    });
    // A name that means nothing special to this system is the name of a file inside.
    const location = decodeURIComponent(String(write.headers.location ?? ''));
    if (write.status < 400)
      expect(existsSync(join(lab.folder, location.replace('/api/contents/', '')))).toBe(true);
    expect(readFileSync(join(lab.stateFolder, 'outside.txt'), 'utf8')).toBe('outside');
  });

  it('cannot be reached by renaming or copying either', async () => {
    const rename = (path: string) => lab.ask('PATCH', '/api/contents/a.txt', { body: { path } });
    for (const path of ['../a.txt', '.bashrc', 'way-out/a.txt'])
      expect((await rename(path)).status).toBe(404);
    const copy = await lab.ask('POST', '/api/contents', { body: { copy_from: 'way-out/outside.txt' } });
    expect(copy.status).toBe(404);
  });
});

describe('policies', () => {
  it('confines files and exported pages to an origin of their own', async () => {
    const { headers } = await lab.ask('GET', '/files/page.html');
    expect(headers['content-security-policy']).toMatch(/^sandbox allow-scripts; default-src 'none'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('lets the page run no script that is written into it, and load nothing from elsewhere', async () => {
    const policy = String((await lab.ask('GET', '/lab')).headers['content-security-policy']);
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self' 'unsafe-eval'");
    expect(policy).not.toMatch(/https?:|\*/);
    expect(/connect-src ([^;]*)/.exec(policy)?.[1]).toBe(`'self' ws://${host}`);
  });

  it('escapes a path in the page', async () => {
    const page = await lab.ask('GET', '/lab/tree/%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E');
    expect(page.body).not.toContain('<script>alert');
  });
});

describe('load', () => {
  it('refuses a body that is announced or grows too large', async () => {
    const body = { path: 'x'.repeat(2_000_000) };
    expect((await lab.ask('PATCH', '/api/contents/a.txt', { body })).status).toBe(413);
  });

  it('answers others while clients are slow', async () => {
    const slow = Array.from({ length: 100 }, () => connect(lab.server.port, '127.0.0.1'));
    for (const socket of slow) {
      socket.on('error', () => {});
      socket.write(`POST /api/contents HTTP/1.1\r\nhost: ${host}\r\nx: `);
    }
    expect((await lab.ask('GET', '/api')).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });

  it.each(['GET /%E0%A4%A HTTP/1.1', 'GET http://evil.example/api HTTP/1.1', 'BREW /api HTTP/1.1'])(
    'stays up after %s',
    async (line) => {
      const socket = connect(lab.server.port, '127.0.0.1');
      const answer = await new Promise<string>((resolve) => {
        socket.once('data', (data) => resolve(String(data)));
        socket.write(`${line}\r\nhost: ${host}\r\nauthorization: token ${lab.server.token}\r\n\r\n`);
      });
      socket.destroy();
      expect(answer).toMatch(/^HTTP\/1\.1 (4\d\d|302)/);
      expect((await lab.ask('GET', '/api')).status).toBe(200);
    },
  );
});

describe('a password', () => {
  it('lets in by the form, and by nothing else', async () => {
    const remote = await startTestLab({}, { password: 'correct horse', hosts: ['lab.example'] });
    const named = { host: `lab.example:${remote.server.port}` };
    const origin = `http://${named.host}`;
    const to = (method: string, path: string, headers: Record<string, string> = {}) =>
      remote.ask(method, path, { bare: true, headers: { ...named, ...headers } });
    expect((await to('GET', '/lab')).headers.location).toBe('/login');
    expect((await to('GET', '/login')).body).toContain('type="password"');
    const form = (password: string, from = origin) =>
      fetch(`http://127.0.0.1:${remote.server.port}/login`, {
        method: 'POST',
        body: new URLSearchParams({ password }),
        headers: { origin: from },
        redirect: 'manual',
      });
    const own = `http://127.0.0.1:${remote.server.port}`;
    expect((await form('wrong', own)).status).toBe(403);
    expect((await form('', own)).status).toBe(403);
    expect((await form('correct horse', 'https://evil.example')).status).toBe(403);
    const entered = await form('correct horse', own);
    expect(entered.status).toBe(302);
    const cookie = String(entered.headers.get('set-cookie')).split(';')[0]!;
    expect((await to('GET', '/api', { cookie })).status).toBe(200);
    await remote.close();
  });

  it('does not exist on a server for this machine alone', async () => {
    const answer = await bare('POST', '/login', { origin: `http://${host}` });
    expect(answer.status).toBe(403);
  });
});
