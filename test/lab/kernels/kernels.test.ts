/** Kernels and sessions as a page drives them: run, interrupt, ask, restart, die, lose the connection, share. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../lab-page.ts';
import { startTestLab, type TestLab } from '../lab-server.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await startTestLab({ 'a.ipynb': '{}' });
});
afterAll(() => lab.close());

interface Session {
  id: string;
  kernel: { id: string; name: string; execution_state: string; connections: number };
}

async function openSession(path: string): Promise<Session> {
  const body = { path, name: path, type: 'notebook', kernel: { name: 'tsbert' } };
  const answer = await lab.ask('POST', '/api/sessions', { body });
  expect(answer.status).toBe(201);
  return answer.json() as unknown as Session;
}

const state = async (id: string) => (await lab.ask('GET', `/api/kernels/${id}`)).json().execution_state;

describe('a kernel over its websocket', () => {
  it('answers a page that asks at once, and is idle afterwards', async () => {
    const { kernel } = await openSession('at-once.ipynb');
    const page = await openPage(lab.server, kernel.id);
    const run = await page.execute('console.log("hello"); 1 + 1');
    expect(run.types()).toEqual(['status', 'execute_input', 'stream', 'execute_result', 'status']);
    expect(run.reply.content).toMatchObject({ status: 'ok' });
    expect(await state(kernel.id)).toBe('idle');
    page.close();
  });

  it('is interrupted, with its variables kept', async () => {
    const { kernel } = await openSession('interrupt.ipynb');
    const page = await openPage(lab.server, kernel.id);
    await page.execute('const kept = 41;');
    const running = page.execute('while (true) {}');
    await page.until(
      ({ content }) => content.code === 'while (true) {}' && content.execution_count !== undefined,
    );
    expect(await state(kernel.id)).toBe('busy');
    expect((await lab.ask('POST', `/api/kernels/${kernel.id}/interrupt`)).status).toBe(204);
    expect((await running).reply.content).toMatchObject({ status: 'error' });
    expect((await page.execute('kept + 1')).text()).toContain('42');
    page.close();
  });

  it('asks the page that runs the cell for input, and no other', async () => {
    const { kernel } = await openSession('stdin.ipynb');
    const [page, other] = [await openPage(lab.server, kernel.id), await openPage(lab.server, kernel.id)];
    const running = page.execute('const name = prompt("Name?"); name', { allow_stdin: true });
    const question = await page.until((message) => message.header.msg_type === 'input_request');
    page.send('stdin', 'input_reply', { value: 'Ada' }, question.header);
    expect((await running).text()).toContain('Ada');
    await other.until((message) => message.header.msg_type === 'execute_result');
    expect(other.heard.map(({ header }) => header.msg_type)).not.toContain('input_request');
    page.close();
    other.close();
  });

  it('forgets variables at a restart, and keeps its id and its pages', async () => {
    const { kernel } = await openSession('restart.ipynb');
    const page = await openPage(lab.server, kernel.id);
    await page.execute('const before = 1;');
    const answer = await lab.ask('POST', `/api/kernels/${kernel.id}/restart`);
    expect(answer.json()).toMatchObject({ id: kernel.id });
    expect((await page.execute('before')).reply.content).toMatchObject({ status: 'error' });
    expect(page.states()).not.toContain('restarting');
    page.close();
  });

  it('comes back after its process was killed, and says so', async () => {
    const { kernel } = await openSession('killed.ipynb');
    const page = await openPage(lab.server, kernel.id);
    const { content } = (await page.execute('process.ppid')).result();
    process.kill(Number(content['text/plain']), 'SIGKILL');
    await page.until((message) => message.content.execution_state === 'restarting');
    expect((await page.execute('6 * 7')).text()).toContain('42');
    page.close();
  });
});

describe('a lost connection', () => {
  it('misses nothing: replies and outputs are played back to the same page', async () => {
    const { kernel } = await openSession('lost.ipynb');
    const page = await openPage(lab.server, kernel.id, 'session-1');
    await page.execute('1');
    const id = page.send('shell', 'execute_request', {
      code: 'await new Promise((r) => setTimeout(r, 500)); console.log("late")',
    });
    page.drop();
    await new Promise((over) => setTimeout(over, 1500));
    const back = await openPage(lab.server, kernel.id, 'session-1');
    await back.until(
      ({ header, parent_header }) => header.msg_type === 'execute_reply' && parent_header.msg_id === id,
    );
    const of = back.heard.filter(({ parent_header }) => parent_header.msg_id === id);
    expect(of.map(({ header }) => header.msg_type)).toEqual(
      expect.arrayContaining(['stream', 'execute_reply']),
    );
    back.close();
  });

  it('plays nothing back to another page', async () => {
    const { kernel } = await openSession('lost-other.ipynb');
    const page = await openPage(lab.server, kernel.id, 'session-1');
    await page.execute('1');
    page.drop();
    const other = await openPage(lab.server, kernel.id, 'session-2');
    await other.execute('2');
    expect(other.heard.filter(({ content }) => content.code === '1')).toEqual([]);
    other.close();
  });
});

describe('sessions', () => {
  it('give two pages that open a notebook at once one kernel', async () => {
    const [one, two] = await Promise.all([openSession('both.ipynb'), openSession('both.ipynb')]);
    expect(one.id).toBe(two.id);
    expect(one.kernel.id).toBe(two.kernel.id);
  });

  it('follow a renamed notebook, take another kernel, and end with theirs', async () => {
    const { id, kernel } = await openSession('named.ipynb');
    const renamed = await lab.ask('PATCH', `/api/sessions/${id}`, {
      body: { path: 'new.ipynb', name: 'new.ipynb' },
    });
    expect(renamed.json()).toMatchObject({ id, path: 'new.ipynb', kernel: { id: kernel.id } });
    const changed = await lab.ask('PATCH', `/api/sessions/${id}`, { body: { kernel: { name: 'tsbert' } } });
    const fresh = (changed.json().kernel as { id: string }).id;
    expect(fresh).not.toBe(kernel.id);
    expect((await lab.ask('GET', `/api/kernels/${kernel.id}`)).status).toBe(404);
    expect((await lab.ask('DELETE', `/api/sessions/${id}`)).status).toBe(204);
    expect((await lab.ask('GET', `/api/kernels/${fresh}`)).status).toBe(404);
    expect((await lab.ask('GET', `/api/sessions/${id}`)).status).toBe(404);
  });

  it('refuse a kernel that is not installed, with its name', async () => {
    const body = { path: 'x.ipynb', type: 'notebook', kernel: { name: 'fortran' } };
    const answer = await lab.ask('POST', '/api/sessions', { body });
    expect(answer.status).toBe(501);
    expect(answer.json().message).toMatch(/'fortran' is not installed/);
  });
});

describe('idle kernels', () => {
  it('are ended after the time that was set, unless a page is there', async () => {
    const culling = await startTestLab({}, { cullIdleMs: 300 });
    const start = async () => (await culling.ask('POST', '/api/kernels', { body: {} })).json().id as string;
    const [used, left] = [await start(), await start()];
    const page = await openPage(culling.server, used);
    await page.execute('1');
    await expect
      .poll(async () => (await culling.ask('GET', `/api/kernels/${left}`)).status, { timeout: 20_000 })
      .toBe(404);
    expect((await culling.ask('GET', `/api/kernels/${used}`)).status).toBe(200);
    page.close();
    await culling.close();
  });
});
