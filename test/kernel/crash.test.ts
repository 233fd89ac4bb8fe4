/** Whatever a cell does to its process, the kernel says what happened and answers the next cell. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawClient, startRawClient } from '../support/raw-client.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startRawClient({ env: { NODE_OPTIONS: '--max-old-space-size=300' } });
});
afterAll(() => client.close());

const FRESH = 'A fresh runner has started';

describe('a cell that ends its process', () => {
  it.each([
    ['process.exit()', 'console.log("last words"); process.exit(3)', 'ProcessExit', 'process.exit(3)'],
    ['an abort', 'console.log("last words"); process.abort()', 'RunnerDied', 'SIGABRT'],
    ['a kill', 'console.log("last words"); process.kill(process.pid, "SIGKILL")', 'RunnerDied', 'SIGKILL'],
    [
      'an allocation without end',
      'console.log("last words"); const hoard: unknown[] = []; for (;;) hoard.push(new Array(10000).fill(0.5))',
      'OutOfMemory',
      'memory',
    ],
  ])('%s is an error that says what happened', { timeout: 60_000 }, async (_, code, ename, what) => {
    await client.execute('let gone = 1;');
    const { reply, stdout } = await client.execute(code);
    expect(reply.content).toMatchObject({ status: 'error', ename });
    expect(reply.content.evalue).toContain(what);
    expect(reply.content.evalue).toContain(FRESH);
    expect(stdout).toContain('last words');
    const next = await client.execute('1 + 1');
    expect(next.result).toBe('2');
    expect(next.stderr).toContain('variables and imports of earlier cells are gone');
    expect((await client.execute('3')).stderr).toBe('');
  });
});

describe('an error that no cell catches', () => {
  it.each([
    ['a throw in a timer', 'setTimeout(() => { throw new Error("late") }, 10); await new Promise(() => {});'],
    ['a rejection', 'Promise.reject(new Error("late")); await new Promise(() => {});'],
    [
      'a throw in an event handler',
      'const { EventEmitter } = await import("node:events"); const e = new EventEmitter(); setImmediate(() => e.emit("error", new Error("late"))); await new Promise(() => {});',
    ],
  ])('%s ends the cell and keeps variables', async (_, code) => {
    await client.execute('let kept = 7;');
    const { reply } = await client.execute(code);
    expect(reply.content).toMatchObject({ status: 'error', ename: 'Error', evalue: 'late' });
    expect((await client.execute('kept')).result).toBe('7');
  });

  it('stands under its cell when that has ended', async () => {
    const { id } = await client.execute('setTimeout(() => { throw new Error("much later") }, 200); 1');
    const error = await client.until(
      ({ header, content }) => header.msg_type === 'error' && content.evalue === 'much later',
    );
    expect(error.parent_header.msg_id).toBe(id);
  });
});
