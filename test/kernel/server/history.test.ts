/** History answers as IPython's does, across sessions and cut files. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HistoryRequest } from '../../../src/jupyter/messages.ts';
import { parseRequest } from '../../../src/jupyter/requests.ts';
import { History } from '../../../src/kernel/server/history.ts';

const folder = mkdtempSync(join(tmpdir(), 'tsbert-history-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function write(...inputs: string[]): Promise<History> {
  const history = new History(folder);
  for (const [index, input] of inputs.entries()) await history.add(index + 1, input, null);
  return history;
}

/** As it comes from a front end, with the protocol's defaults. */
const ask = (history: History, request: Partial<HistoryRequest>) =>
  history.query(parseRequest('history_request', request));

describe('History', () => {
  it('gives the last cells of all sessions, oldest first', async () => {
    await write('a', 'b');
    const history = await write('c');
    expect(await ask(history, { hist_access_type: 'tail', n: 2 })).toEqual([
      [1, 2, 'b'],
      [2, 1, 'c'],
    ]);
  });

  it('searches whole inputs by glob, last ones first to count, and each once if asked', async () => {
    const history = await write('1+1', 'let a', '1+1', '1+2');
    const search = (pattern: string, more = {}) =>
      ask(history, { hist_access_type: 'search', pattern, ...more });
    expect(await search('1+?')).toEqual([
      [1, 1, '1+1'],
      [1, 3, '1+1'],
      [1, 4, '1+2'],
    ]);
    expect(await search('1+1', { unique: true })).toEqual([[1, 3, '1+1']]);
    expect(await search('*+[!1]')).toEqual([[1, 4, '1+2']]);
    expect(await search('+')).toEqual([]);
  });

  it('gives ranges of this session and of those before', async () => {
    await write('old 1', 'old 2');
    const history = await write('new 1', 'new 2');
    const range = (session: number) =>
      ask(history, { hist_access_type: 'range', session, start: 2, stop: 3 });
    expect(await range(0)).toEqual([[2, 2, 'new 2']]);
    expect(await range(-1)).toEqual([[1, 2, 'old 2']]);
    expect(await range(1)).toEqual([[1, 2, 'old 2']]);
  });

  it('keeps the last 500 sessions before its own', async () => {
    mkdirSync(folder, { recursive: true });
    const file = (session: number) => join(folder, `${String(session).padStart(6, '0')}.jsonl`);
    for (let session = 1; session <= 502; session++) appendFileSync(file(session), '');
    await write('a');
    expect([1, 2, 3, 502, 503].map((session) => existsSync(file(session)))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('gives two kernels that start together sessions of their own, and none to one that runs nothing', async () => {
    new History(folder);
    const [one, two] = [new History(folder), new History(folder)];
    await Promise.all([one.add(1, 'one', null), two.add(1, 'two', null)]);
    const sessions = (await ask(one, { hist_access_type: 'tail' })).map(([session]) => session);
    expect(sessions).toEqual([1, 2]);
  });

  it('skips a line that was cut', async () => {
    await write('whole');
    appendFileSync(join(folder, '000001.jsonl'), '{"line":2,"inp');
    expect(await ask(new History(folder), { hist_access_type: 'tail' })).toEqual([[1, 1, 'whole']]);
  });
});
