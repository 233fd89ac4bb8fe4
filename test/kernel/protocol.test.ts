/** What a real kernel process says to each request, in which order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/jupyter/messages.ts';
import { createMessageFactory } from '../../src/jupyter/messages.ts';
import { createSigner } from '../../src/jupyter/signature.ts';
import { encodeMessage } from '../../src/jupyter/wire.ts';
import { isIdle, type RawClient, startRawClient } from '../support/raw-client.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startRawClient();
});
afterAll(() => client.close());

const types = (messages: Message[]) => messages.map(({ header }) => header.msg_type);
const about = (id: string) => client.iopub.filter(({ parent_header }) => parent_header.msg_id === id);

describe('kernel', () => {
  it('welcomes subscribers first, and says that it starts', () => {
    expect(types(client.iopub).slice(0, 2)).toEqual(['iopub_welcome', 'status']);
    expect(client.iopub[0]!.content).toEqual({ subscription: '' });
    expect(client.iopub[1]!.content).toEqual({ execution_state: 'starting' });
  });

  it('answers kernel_info_request with protocol 5.4 and TypeScript', async () => {
    const { content } = await client.request('kernel_info_request', {}, { channel: 'control' });
    expect(content).toMatchObject({
      status: 'ok',
      protocol_version: '5.4',
      language_info: { name: 'typescript', file_extension: '.ts' },
      supported_features: ['kernel subshells'],
    });
  });

  it('echoes heartbeats while a cell keeps its process busy', async () => {
    const id = await client.send('execute_request', {
      code: 'const end = Date.now() + 1500; while (Date.now() < end);',
    });
    await client.until(({ parent_header }) => parent_header.msg_id === id);
    const start = performance.now();
    await client.sockets.hb.send('beat');
    expect(String((await client.sockets.hb.receive())[0])).toBe('beat');
    expect(performance.now() - start).toBeLessThan(1000);
    await client.reply(id);
  });
});

describe('execute_request', () => {
  it('goes busy, execute_input, execute_result, idle', async () => {
    const { id, reply, result } = await client.execute('1 + 1');
    await client.until((message) => isIdle(message, id));
    expect(types(about(id))).toEqual(['status', 'execute_input', 'execute_result', 'status']);
    expect(result).toBe('2');
    expect(reply.content).toMatchObject({ status: 'ok', payload: [], user_expressions: {} });
  });

  it('counts cells, and only those that history keeps', async () => {
    const count = async (content: object) =>
      Number((await client.execute('1', { ...content })).reply.content.execution_count);
    const first = await count({});
    expect(await count({ store_history: false })).toBe(first + 1);
    expect(await count({ silent: true })).toBe(first + 1);
    expect(await count({})).toBe(first + 1);
  });

  it('keeps a silent cell silent', async () => {
    const { types: seen, reply } = await client.execute('console.log("hush"); display(1); 2', {
      silent: true,
    });
    expect(seen).toEqual([]);
    expect(reply.content.status).toBe('ok');
  });

  it('keeps prints, displays and the result in order', async () => {
    const { outputs } = await client.execute(
      'console.log("a"); display("b"); console.error("c"); clearOutput(true); "d"',
    );
    expect(types(outputs)).toEqual([
      'execute_input',
      'stream',
      'display_data',
      'stream',
      'clear_output',
      'execute_result',
    ]);
    expect(outputs[4]!.content).toEqual({ wait: true });
  });

  it('tells errors with name, value and the place in the cell', async () => {
    const {
      reply,
      types: seen,
      outputs,
    } = await client.execute('const a = 1;\nthrow new RangeError("too far")');
    expect(seen).toEqual(['execute_input', 'error']);
    expect(reply.content).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'too far' });
    expect((outputs[1]!.content.traceback as string[]).join('\n')).toContain(':2:7');
  });

  it('refuses a cell with a type error, with a code frame', async () => {
    const { reply, types: seen } = await client.execute('let n: number = 1;\nn = "one";');
    expect(seen).toEqual(['execute_input', 'error']);
    const traceback = (reply.content.traceback as string[]).join('\n');
    expect(reply.content.ename).toBe('TypeScriptError');
    expect(traceback).toContain(':2:1');
    expect(traceback).toContain('> 2 | n = "one";');
  });

  it('aborts the cells behind a failed one', async () => {
    const failing = await client.send('execute_request', { code: 'throw new Error("stop")' });
    const waiting = await client.send('execute_request', { code: '1' });
    expect((await client.reply(failing)).content.status).toBe('error');
    expect((await client.reply(waiting)).content.status).toBe('aborted');
    expect((await client.execute('2')).reply.content.status).toBe('ok');
  });

  it('goes on behind a failed one without stop_on_error', async () => {
    const content = { code: 'throw new Error("go on")', stop_on_error: false };
    const failing = await client.send('execute_request', content);
    const waiting = await client.send('execute_request', { code: '1' });
    expect((await client.reply(failing)).content.status).toBe('error');
    expect((await client.reply(waiting)).content.status).toBe('ok');
  });

  it('evaluates user_expressions', async () => {
    const { reply } = await client.execute('const base = 20', {
      user_expressions: { good: 'base + 1', bad: 'nothing.there' },
    });
    expect(reply.content.user_expressions).toMatchObject({
      good: { status: 'ok', data: { 'text/plain': '21' } },
      bad: { status: 'error' },
    });
  });

  it('shows help for a cell that ends in a question mark', async () => {
    const { reply } = await client.execute('Math.max?');
    expect(reply.content.payload).toMatchObject([
      { source: 'page', data: { 'text/plain': expect.stringContaining('max') } },
    ]);
  });
});

describe('displays', () => {
  it('are updated in place', async () => {
    const { outputs } = await client.execute(
      'const handle = await display("a", { displayId: "one" }); await handle.update("b");',
    );
    expect(types(outputs)).toEqual(['execute_input', 'display_data', 'update_display_data']);
    expect(outputs.map(({ content }) => content.transient)).toEqual([
      undefined,
      { display_id: 'one' },
      { display_id: 'one' },
    ]);
  });

  it('come from Symbol.for("Jupyter.display") as whole bundles', async () => {
    const { outputs } = await client.execute(`({
      async [Symbol.for('Jupyter.display')]() {
        return { 'text/plain': 'chart', 'application/vnd.vegalite.v5+json': { mark: 'bar' }, 'image/png': new Uint8Array([1, 2]) };
      },
      [Symbol.for('Jupyter.displayMetadata')]: { 'image/png': { width: 10 } },
    })`);
    expect(outputs[1]!.content).toMatchObject({
      data: {
        'text/plain': 'chart',
        'application/vnd.vegalite.v5+json': { mark: 'bar' },
        'image/png': 'AQI=',
      },
      metadata: { 'image/png': { width: 10 } },
    });
  });

  it('come from libraries through Symbol.for("Jupyter.publish")', async () => {
    const { outputs } = await client.execute(
      `(globalThis as any)[Symbol.for('Jupyter.publish')]({ 'text/html': '<b>1</b>' }, { displayId: 'lib' })`,
    );
    expect(outputs[1]!.content).toEqual({
      data: { 'text/html': '<b>1</b>' },
      metadata: {},
      transient: { display_id: 'lib' },
    });
  });
});

describe('while a cell runs', () => {
  it('completes and inspects', async () => {
    const id = await client.send('execute_request', {
      code: 'const stop = Date.now() + 2000; while (Date.now() < stop);',
    });
    const start = performance.now();
    const completion = await client.request('complete_request', { code: 'Math.ma', cursor_pos: 7 });
    const inspection = await client.request('inspect_request', {
      code: 'parseInt',
      cursor_pos: 3,
      detail_level: 0,
    });
    expect(performance.now() - start).toBeLessThan(1900);
    expect(completion.content).toMatchObject({
      status: 'ok',
      matches: ['max'],
      cursor_start: 5,
      cursor_end: 7,
    });
    expect(inspection.content).toMatchObject({ status: 'ok', found: true });
    await client.reply(id);
  });
});

it('positions count code points, not UTF-16 units', async () => {
  const code = 'const s = "😀"; Math.ma';
  const cursor_pos = [...code].length;
  const { content } = await client.request('complete_request', { code, cursor_pos });
  expect(content).toMatchObject({ matches: ['max'], cursor_start: cursor_pos - 2, cursor_end: cursor_pos });
});

describe('prompt()', () => {
  it('asks on the stdin channel and blocks until the answer', async () => {
    const id = await client.send('execute_request', {
      code: 'const name = await prompt("Name? "); name + "!"',
      allow_stdin: true,
    });
    const question = await client.answerInput('Ada');
    expect(question.content).toEqual({ prompt: 'Name? ', password: false });
    expect((await client.reply(id)).content.status).toBe('ok');
    const result = await client.until(
      ({ header, parent_header }) => header.msg_type === 'execute_result' && parent_header.msg_id === id,
    );
    expect(result.content.data).toMatchObject({ 'text/plain': "'Ada!'" });
  });

  it('fails with a remedy where nobody can answer', async () => {
    const { reply } = await client.execute('await prompt("Name? ")', { allow_stdin: false });
    expect(reply.content).toMatchObject({ status: 'error', ename: 'StdinNotAllowed' });
  });
});

describe('comms', () => {
  it('close a comm to an unknown target', async () => {
    const id = await client.send('comm_open', { comm_id: 'c1', target_name: 'nobody', data: {} });
    const close = await client.until(
      ({ header, parent_header }) => header.msg_type === 'comm_close' && parent_header.msg_id === id,
    );
    expect(close.content).toMatchObject({ comm_id: 'c1' });
  });

  it('carry data and buffers both ways, and are listed', async () => {
    await client.execute(`(globalThis as any)[Symbol.for('Jupyter.comms')].registerTarget('echo', (comm: any) => {
      comm.onMessage = ({ data, buffers }: any) => comm.send({ got: data }, { buffers });
    })`);
    await client.send('comm_open', { comm_id: 'c2', target_name: 'echo', data: {} });
    const buffers = [new Uint8Array([7, 0, 255])];
    const id = await client.send('comm_msg', { comm_id: 'c2', data: { n: 1 } }, { buffers });
    const echo = await client.until(
      ({ header, parent_header }) => header.msg_type === 'comm_msg' && parent_header.msg_id === id,
    );
    expect(echo.content).toEqual({ comm_id: 'c2', data: { got: { n: 1 } } });
    expect(echo.buffers.map((buffer) => [...buffer])).toEqual([[7, 0, 255]]);
    const info = await client.request('comm_info_request', { target_name: 'echo' });
    expect(info.content).toEqual({ status: 'ok', comms: { c2: { target_name: 'echo' } } });
  });
});

describe('subshells', () => {
  it('run cells beside a waiting one, and can be listed and deleted', async () => {
    const control = { channel: 'control' } as const;
    const created = await client.request('create_subshell_request', {}, control);
    const subshellId = String(created.content.subshell_id);
    const slow = await client.send('execute_request', {
      code: 'await new Promise(r => setTimeout(r, 3000))',
    });
    const start = performance.now();
    const quick = await client.request('execute_request', { code: '1' }, { subshellId });
    expect(quick.content.status).toBe('ok');
    expect(performance.now() - start).toBeLessThan(2900);
    await client.reply(slow);
    const list = await client.request('list_subshell_request', {}, control);
    expect(list.content).toEqual({ status: 'ok', subshell_id: [subshellId] });
    const deleted = await client.request('delete_subshell_request', { subshell_id: subshellId }, control);
    expect(deleted.content).toEqual({ status: 'ok' });
    const gone = await client.request('execute_request', { code: '1' }, { subshellId });
    expect(gone.content).toMatchObject({ status: 'error', ename: 'SubshellNotFound' });
  });
});

describe('what is no message of ours', () => {
  const factory = createMessageFactory('stranger');
  const request = () => factory.create('execute_request', { content: { code: 'console.log("broken in")' } });

  it('is dropped with a line in the log that holds no key', async () => {
    await client.sockets.shell.send(encodeMessage(request(), createSigner('wrong key')));
    await client.sockets.shell.send(['no delimiter']);
    await client.sockets.shell.send(['<IDS|MSG>', 'x']);
    await client.sockets.control.send([Buffer.from([0, 255, 254])]);
    await client.send('teleport_request', {});
    expect((await client.execute('1')).reply.content.status).toBe('ok');
    expect(client.iopub.some(({ content }) => String(content.code).includes('broken in'))).toBe(false);
    await expect.poll(() => client.stderr(), { timeout: 10_000 }).toContain('"teleport_request"');
    expect(client.stderr()).toContain('wrong signature');
    expect(client.stderr()).not.toContain(client.connection.key);
  });

  it('gets an error reply when its content is wrong', async () => {
    const { content } = await client.request('complete_request', {});
    expect(content.status).toBe('error');
  });

  it('leaves debuggers with the answer that there is none', async () => {
    const debug = { type: 'request', seq: 3, command: 'initialize', arguments: {} };
    const { content } = await client.request('debug_request', debug, { channel: 'control' });
    expect(content).toMatchObject({ type: 'response', success: false, request_seq: 3 });
  });
});

describe('malformed requests', () => {
  it.each([
    ['execute_request', { code: null }],
    ['complete_request', {}],
    ['complete_request', { code: 'a', cursor_pos: 'x' }],
    ['inspect_request', { code: 3, cursor_pos: 0 }],
    ['is_complete_request', {}],
    ['history_request', { hist_access_type: 'all' }],
    ['delete_subshell_request', {}],
  ])('%s %j is answered with one line, and the kernel goes on', async (type, content) => {
    const { content: reply, parent_header } = await client.request(type, content);
    expect(reply).toMatchObject({ status: 'error', ename: 'InvalidRequest', traceback: [] });
    expect(reply.evalue).toMatch(new RegExp(`^${type}: "\\w+" (must be|is missing).*`));
    await client.until((message) => isIdle(message, String(parent_header.msg_id)));
    expect((await client.execute('1 + 1')).result).toBe('2');
  });
});

describe('a message that is sent again', () => {
  it('is dropped, and runs once', async () => {
    await client.execute('let runs = 0');
    const message = createMessageFactory('me').create('execute_request', { content: { code: 'runs++' } });
    const signer = createSigner(client.connection.key, client.connection.signature_scheme);
    for (let i = 0; i < 3; i++) await client.sockets.shell.send(encodeMessage(message, signer));
    await client.until((it) => isIdle(it, message.header.msg_id));
    expect((await client.execute('runs')).result).toBe('1');
    expect(client.stderr()).toContain('Dropped a message: Message that was sent before.');
  });
});
