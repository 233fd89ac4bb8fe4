/** Interrupts stop whatever a cell does within a second, keep its variables, and leave nothing that goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawClient, startRawClient } from '../support/raw-client.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startRawClient();
  await client.execute('let kept = 41;');
});
afterAll(() => client.close());

/** Starts a cell, interrupts it once it runs, and measures how long it then goes on. */
async function interrupt(
  code: string,
): Promise<{ content: Record<string, unknown>; ms: number; id: string }> {
  const id = await client.send('execute_request', {
    code: `console.log('started');\n${code}`,
    allow_stdin: true,
  });
  await client.until(
    ({ header, parent_header }) => header.msg_type === 'stream' && parent_header.msg_id === id,
  );
  await sleep(150);
  const start = performance.now();
  await client.request('interrupt_request', {}, { channel: 'control' });
  const { content } = await client.reply(id);
  return { content, ms: performance.now() - start, id };
}

describe('interrupt_request', () => {
  it.each([
    ['a loop', 'while (true) {}'],
    ['a loop after an await', 'await new Promise((r) => setTimeout(r, 20)); while (true) {}'],
    ['a microtask spin', 'for (;;) await null;'],
    ['a pending await', 'await new Promise(() => {});'],
    ['a waiting prompt', "await prompt('never answered');"],
    ['a loop that prints', 'for (;;) console.log("line");'],
    ['a loop in a timer', 'await new Promise(() => setTimeout(() => { for (;;) {} }, 20));'],
    ['a loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} finally {} }'],
    [
      'a child process that is waited for',
      `const { spawnSync } = await import('node:child_process');
      spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);`,
    ],
    ['a shell command', '!node -e "setTimeout(() => {}, 60000)"'],
  ])('stops %s and keeps variables', async (_, code) => {
    const { content, ms } = await interrupt(code);
    expect(content).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect(ms).toBeLessThan(1000);
    const { result, stderr } = await client.execute('kept');
    expect(result).toBe('41');
    expect(stderr).toBe('');
  });

  it.each([
    ['an interval', 'setInterval(() => console.log("zombie"), 20); await new Promise(() => {});'],
    ['a loop of awaits', 'for (;;) { await new Promise((r) => setTimeout(r, 20)); console.log("zombie"); }'],
    [
      'a loop of awaits on other work',
      'const { setTimeout: wait } = await import("node:timers/promises"); for (;;) { await wait(20); console.log("zombie"); }',
    ],
  ])('leaves no zombie behind %s', async (_, code) => {
    const { id } = await interrupt(code);
    const printed = () => client.iopub.filter(({ header }) => header.msg_type === 'stream').length;
    const before = printed();
    await client.execute('await new Promise((r) => setTimeout(r, 300))');
    expect(printed()).toBe(before);
    expect(
      client.iopub.filter((m) => m.header.msg_type === 'error' && m.parent_header.msg_id === id),
    ).toHaveLength(1);
  });

  it('stops a cell before it starts, and those behind it', async () => {
    const busy = await client.send('execute_request', { code: 'while (true) {}' });
    const behind = await client.send('execute_request', { code: 'kept = 0' });
    await sleep(300);
    await client.request('interrupt_request', {}, { channel: 'control' });
    expect((await client.reply(busy)).content.status).toBe('error');
    expect((await client.reply(behind)).content.status).toBe('aborted');
    expect((await client.execute('kept')).result).toBe('41');
  });

  it('does nothing to an idle kernel', async () => {
    await client.request('interrupt_request', {}, { channel: 'control' });
    expect((await client.execute('kept')).result).toBe('41');
  });

  it('works a dozen times in a row', async () => {
    for (let round = 0; round < 12; round++) {
      const { content } = await interrupt(round % 2 ? 'for (;;) await null;' : 'for (;;) {}');
      expect(content.ename).toBe('Interrupted');
    }
    expect((await client.execute('kept')).result).toBe('41');
  });

  it('waits for native code, and says so', { timeout: 60_000 }, async () => {
    const native = `const { pbkdf2Sync } = await import('node:crypto');
pbkdf2Sync('secret', 'salt', 8_000_000, 64, 'sha512'); for (;;) {}`;
    const id = await client.send('execute_request', { code: native });
    await sleep(500);
    await client.request('interrupt_request', {}, { channel: 'control' });
    expect((await client.reply(id)).content).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect((await client.execute('kept')).result).toBe('41');
  });

  it('gives up the variables when asked once more, and says so', { timeout: 60_000 }, async () => {
    const native = `const { pbkdf2Sync } = await import('node:crypto');
pbkdf2Sync('secret', 'salt', 900_000_000, 64, 'sha512');`;
    const id = await client.send('execute_request', { code: native });
    await sleep(500);
    await client.request('interrupt_request', {}, { channel: 'control' });
    const told = await client.until(
      ({ header, parent_header }) => header.msg_type === 'stream' && parent_header.msg_id === id,
    );
    expect(told.content).toMatchObject({
      name: 'stderr',
      text: expect.stringContaining('Waiting for native code to return. Stop once more'),
    });
    await client.request('interrupt_request', {}, { channel: 'control' });
    const { content } = await client.reply(id);
    expect(content).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect(content.evalue).toContain('A fresh runner has started');
    expect((await client.execute('typeof kept')).reply.content).toMatchObject({ status: 'error' });
    expect((await client.execute('1 + 1')).result).toBe('2');
  });
});
