/** Output arrives whole and in order, however much there is and wherever it comes from. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Subscriber } from 'zeromq';
import { socketAddress } from '../../src/jupyter/connection-file.ts';
import { type RawClient, startRawClient } from '../support/raw-client.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startRawClient();
});
afterAll(() => client.close());

describe('a flood', () => {
  it('of 100,000 lines arrives in order, in few messages', async () => {
    const { stdout, outputs } = await client.execute('for (let i = 0; i < 100_000; i++) console.log(i)');
    expect(stdout === Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join('')).toBe(true);
    expect(outputs.length).toBeLessThan(2000);
  });

  it('of one 50 MB string arrives whole', async () => {
    const { stdout } = await client.execute('console.log("😀".repeat(12_500_000))');
    expect(stdout.length).toBe(25_000_001);
    expect(stdout === `${'😀'.repeat(12_500_000)}\n`).toBe(true);
  });
});

describe('a display as the last line', () => {
  it.each(['display("one")', 'await display("one")', 'const kept = display("one"); kept'])(
    '%s shows once',
    async (code) => {
      const { types, outputs } = await client.execute(code);
      expect(types).toEqual(['execute_input', 'display_data']);
      expect(outputs[1]!.content.data).toEqual({ 'text/plain': "'one'" });
    },
  );

  it.each(['let given = 1', 'given = 2', '(given = 3)', 'given += 1', 'undefined', 'void given', ';'])(
    '%s shows nothing',
    async (code) => {
      expect((await client.execute(code)).types).toEqual(['execute_input']);
    },
  );
});

describe('native output', () => {
  it('of child processes and file descriptors is shown before the cell ends', async () => {
    const { stdout, stderr } = await client.execute(`
      const { writeSync } = await import('node:fs');
      const { spawnSync } = await import('node:child_process');
      writeSync(1, 'descriptor 1\\n');
      writeSync(2, 'descriptor 2\\n');
      spawnSync(process.execPath, ['-e', 'console.log("child")'], { stdio: 'inherit' });`);
    expect(stdout).toContain('descriptor 1\n');
    expect(stdout).toContain('child\n');
    expect(stderr).toContain('descriptor 2\n');
  });

  it('of shell lines is streamed', async () => {
    const { stdout, reply } = await client.execute('!node -p "6 * 7"');
    expect(stdout).toBe('42\n');
    expect(reply.content.status).toBe('ok');
    const failed = await client.execute('!node -e "process.exit(4)"');
    expect(failed.reply.content).toMatchObject({
      ename: 'ShellError',
      evalue: expect.stringContaining('exit code 4'),
    });
  });
});

describe('late output', () => {
  it('stands under the cell that started it', async () => {
    const first = await client.execute('setTimeout(() => console.log("late"), 300)');
    const second = await client.execute('await new Promise((r) => setTimeout(r, 600)); console.log("own")');
    expect(second.stdout).toBe('own\n');
    const late = await client.until(({ content }) => content.text === 'late\n');
    expect(late.parent_header.msg_id).toBe(first.id);
  });
});

describe.runIf(process.platform === 'linux')('a reader that does not read', () => {
  it('holds the printing cell up instead of filling the memory', { timeout: 60_000 }, async () => {
    const slow = new Subscriber({ receiveHighWaterMark: 1, linger: 0 });
    slow.connect(socketAddress(client.connection, 'iopub'));
    slow.subscribe();
    await sleep(500);
    const pid = (await client.execute('process.ppid')).result;
    const id = await client.send('execute_request', {
      code: 'const line = "x".repeat(1000); for (let i = 0; i < 300_000; i++) console.log(line)',
    });
    await sleep(5000);
    const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
    expect(rss).toBeLessThan(500);
    slow.close();
    expect((await client.reply(id)).content.status).toBe('ok');
  });
});
