/** A kernel's life: it ends when it should, takes its processes along, and remembers its history. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createConnectionInfo } from '../../src/jupyter/connection-file.ts';
import { kernelSpec } from '../../src/jupyter/kernelspec.ts';
import { type RawClient, startRawClient } from '../support/raw-client.ts';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilDead(pids: number[], limitMs: number): Promise<number> {
  const start = performance.now();
  while (pids.some(isAlive) && performance.now() - start < limitMs) await sleep(50);
  return performance.now() - start;
}

/** The protocol process and the runner. */
async function pidsOf(client: RawClient): Promise<number[]> {
  const { result } = await client.execute('[process.ppid, process.pid].join()');
  return String(result).replaceAll("'", '').split(',').map(Number);
}

describe('shutdown_request', () => {
  it.each([true, false])('with restart %s is echoed, and leaves no process', async (restart) => {
    const client = await startRawClient();
    const pids = await pidsOf(client);
    await client.send('execute_request', { code: 'setInterval(() => {}, 10); for (;;) {}' });
    const { content } = await client.request('shutdown_request', { restart }, { channel: 'control' });
    expect(content).toEqual({ status: 'ok', restart });
    expect(await client.exited).toBe('exit code 0');
    expect(await untilDead(pids, 3000)).toBeLessThan(3000);
    await client.close();
  });
});

describe.skipIf(process.platform === 'win32')('a kernel without its parent', () => {
  it('ends within 5 seconds, busy or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsbert-orphan-'));
    const file = join(folder, 'connection.json');
    const ports = { shell: 28_471, iopub: 28_472, stdin: 28_473, control: 28_474, hb: 28_475 };
    writeFileSync(file, JSON.stringify(createConnectionInfo(ports)));
    const argv = kernelSpec().argv.map((part) => part.replace('{connection_file}', file));
    const script = `const k = require('child_process').spawn(${JSON.stringify(argv[0])}, ${JSON.stringify(argv.slice(1))}, { detached: true, stdio: 'ignore' }); console.log(k.pid); setInterval(() => {}, 1000)`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await parent.stdout.take(1).toArray()) as Buffer[];
    const pid = Number(String(line));
    await sleep(1500);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    expect(await untilDead([pid], 5000)).toBeLessThan(5000);
    rmSync(folder, { recursive: true });
  });

  it('killed outright, takes a busy runner along', async () => {
    const client = await startRawClient();
    const pids = await pidsOf(client);
    await client.send('execute_request', { code: 'for (;;) {}' });
    await sleep(300);
    process.kill(pids[0]!, 'SIGKILL');
    expect(await untilDead(pids, 5000)).toBeLessThan(5000);
    for (const socket of Object.values(client.sockets)) socket.close();
  });

  it('interrupts its cell on SIGINT and ends on SIGTERM', async () => {
    const client = await startRawClient();
    const pids = await pidsOf(client);
    const id = await client.send('execute_request', { code: 'for (;;) {}' });
    await sleep(300);
    process.kill(pids[0]!, 'SIGINT');
    expect((await client.reply(id)).content.ename).toBe('Interrupted');
    process.kill(pids[0]!, 'SIGTERM');
    expect(await client.exited).toBe('exit code 0');
    expect(await untilDead(pids, 3000)).toBeLessThan(3000);
    for (const socket of Object.values(client.sockets)) socket.close();
  });
});

describe.skipIf(process.platform === 'win32')('a connection file with transport ipc', () => {
  it('binds socket files', async () => {
    const client = await startRawClient({ transport: 'ipc' });
    expect((await client.execute('1 + 1')).result).toBe('2');
    await client.close();
  });
});

describe.skipIf(process.platform === 'win32')('a process that a cell started', () => {
  const own =
    "import { spawn } from 'node:child_process'\nconsole.log(spawn('sleep', ['1000'], { stdio: 'ignore' }).pid)";
  const start = async (client: RawClient) => {
    const ran = [await client.execute('!sleep 1000 >/dev/null 2>&1 & echo $!'), await client.execute(own)];
    const pids = ran.map(({ stdout }) => Number(stdout));
    expect(pids.map(isAlive)).toEqual([true, true]);
    return pids;
  };

  it('ends with process.exit()', async () => {
    const client = await startRawClient();
    const pids = await start(client);
    await client.execute('process.exit(0)');
    await untilDead(pids, 5000);
    expect(pids.filter(isAlive)).toEqual([]);
    await client.close();
  });

  it('ends with the shutdown', async () => {
    const client = await startRawClient();
    const pids = await start(client);
    await client.request('shutdown_request', { restart: false }, { channel: 'control' });
    await untilDead(pids, 5000);
    expect(pids.filter(isAlive)).toEqual([]);
    await client.close();
  });

  it('ends when the kernel is killed', async () => {
    const client = await startRawClient();
    const [kernel] = await pidsOf(client);
    const pids = await start(client);
    process.kill(kernel!, 'SIGKILL');
    await untilDead(pids, 5000);
    expect(pids.filter(isAlive)).toEqual([]);
    for (const socket of Object.values(client.sockets)) socket.close();
  });
});

describe('history', () => {
  it('is kept for the next kernel', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsbert-history-'));
    const env = { JUPYTER_DATA_DIR: folder };
    const first = await startRawClient({ env });
    await first.execute('const remembered = 1');
    await first.execute('remembered + 41');
    await first.close();
    const second = await startRawClient({ env });
    const ask = async (content: object) =>
      (await second.request('history_request', { raw: true, output: false, ...content })).content.history;
    expect(await ask({ hist_access_type: 'tail', n: 2 })).toEqual([
      [1, 1, 'const remembered = 1'],
      [1, 2, 'remembered + 41'],
    ]);
    expect(await ask({ hist_access_type: 'search', pattern: '*+ 41', output: true })).toEqual([
      [1, 2, ['remembered + 41', '42']],
    ]);
    await second.execute('3');
    expect(await ask({ hist_access_type: 'range', session: 0, start: 1, stop: 5 })).toEqual([[2, 1, '3']]);
    expect(await ask({ hist_access_type: 'range', session: -1, start: 2, stop: 3 })).toEqual([
      [1, 2, 'remembered + 41'],
    ]);
    await second.close();
    rmSync(folder, { recursive: true });
  });
});
