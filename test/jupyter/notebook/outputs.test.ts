/** Messages in, a cell's outputs out: no kernel, no sockets. */
import { describe, expect, it } from 'vitest';
import { createMessageFactory } from '../../../src/jupyter/messages.ts';
import type { CodeCell } from '../../../src/jupyter/notebook/nbformat.ts';
import { createOutputCollector } from '../../../src/jupyter/notebook/outputs.ts';
import { collapseCarriageReturns } from '../../../src/text/carriage-return.ts';

const session = createMessageFactory('kernel');
const newCell = (): CodeCell => ({
  id: 'a',
  cell_type: 'code',
  metadata: {},
  source: '',
  execution_count: 3,
  outputs: [{ output_type: 'stream', name: 'stdout', text: 'old' }],
});

type Sent = [type: string, content: Record<string, unknown>];
const stdout = (text: string): Sent => ['stream', { name: 'stdout', text }];
const stderr = (text: string): Sent => ['stream', { name: 'stderr', text }];
const display = (text: string, display_id?: string, type = 'display_data'): Sent => [
  type,
  { data: { 'text/plain': text }, metadata: {}, transient: display_id ? { display_id } : {} },
];

function collect(...messages: Sent[]): CodeCell {
  const collector = createOutputCollector();
  const cell = newCell();
  collector.begin(cell);
  for (const [type, content] of messages) collector.apply(session.create(type, { content }));
  collector.end();
  return cell;
}

describe('OutputCollector.apply()', () => {
  it('clears what the cell held before', () => {
    expect(collect()).toMatchObject({ outputs: [], execution_count: null });
  });

  it('tells of an output too deep to be written in its place', () => {
    let deep: unknown = [];
    for (let i = 0; i < 20_000; i++) deep = [deep];
    const { outputs } = collect(['display_data', { data: { 'application/json': deep }, metadata: {} }]);
    expect(outputs).toEqual([
      { output_type: 'stream', name: 'stderr', text: expect.stringMatching(/nested too deep/) },
    ]);
  });

  it('joins neighbouring streams of one name', () => {
    const { outputs } = collect(stdout('a'), stdout('b\n'), stderr('c'), stdout('d'));
    expect(outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: 'ab\n' },
      { output_type: 'stream', name: 'stderr', text: 'c' },
      { output_type: 'stream', name: 'stdout', text: 'd' },
    ]);
  });

  it('keeps only the last state of a bar redrawn across messages', () => {
    const { outputs } = collect(stderr(' 10 %'), stderr('\r 55 %'), stderr('\r100 %\n'), stderr('done'));
    expect(outputs).toMatchObject([{ text: '100 %\ndone' }]);
  });

  it('sets the count from execute_input and keeps it in the result', () => {
    const cell = collect(
      ['execute_input', { code: '1', execution_count: 4 }],
      ['execute_result', { data: { 'text/plain': '1' }, metadata: {}, execution_count: 4 }],
    );
    expect(cell.execution_count).toBe(4);
    expect(cell.outputs).toEqual([
      { output_type: 'execute_result', data: { 'text/plain': '1' }, metadata: {}, execution_count: 4 },
    ]);
  });

  it('writes errors without the reply’s other fields', () => {
    const content = { ename: 'E', evalue: 'v', traceback: ['t'], status: 'error' };
    expect(collect(['error', content]).outputs).toEqual([
      { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['t'] },
    ]);
  });

  it('clears at once, or with wait at the next output', () => {
    expect(collect(stdout('a'), ['clear_output', { wait: false }]).outputs).toEqual([]);
    const waiting = collect(stdout('a'), ['clear_output', { wait: true }]);
    expect(waiting.outputs).toMatchObject([{ text: 'a' }]);
    const cleared = collect(stdout('a'), ['clear_output', { wait: true }], stdout('b'), stdout('c'));
    expect(cleared.outputs).toMatchObject([{ text: 'bc' }]);
  });

  it('updates every display of an id, in earlier cells too', () => {
    const collector = createOutputCollector();
    const [first, second] = [newCell(), newCell()];
    const apply = ([type, content]: Sent) => collector.apply(session.create(type, { content }));
    collector.begin(first);
    apply(display('old', 'bar'));
    apply(display('other', 'x'));
    collector.end();
    collector.begin(second);
    apply(display('old', 'bar'));
    apply(display('new', 'bar', 'update_display_data'));
    apply(display('lost', 'unknown', 'update_display_data'));
    collector.end();
    expect(first.outputs).toMatchObject([
      { data: { 'text/plain': 'new' } },
      { data: { 'text/plain': 'other' } },
    ]);
    expect(second.outputs).toEqual([
      { output_type: 'display_data', data: { 'text/plain': 'new' }, metadata: {} },
    ]);
  });

  it('takes a hundred thousand prints without slowing down', () => {
    const startedAt = performance.now();
    const { outputs } = collect(...Array.from({ length: 100_000 }, (_, i) => stdout(`${i}\r`)));
    expect(outputs).toMatchObject([{ text: '99999\r' }]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe('collapseCarriageReturns()', () => {
  it.each([
    ['plain\ntext', 'plain\ntext'],
    ['abcdef\rxy', 'xycdef'],
    ['windows\r\nlines\r\n', 'windows\nlines\n'],
    ['one\rtwo\r', 'two\r'],
    ['typo\b\b\bape', 'tape'],
    ['\x1b[32mgreen\x1b[0m\rred', 'red'],
  ])('shows %j as a terminal does', (text, shown) => {
    expect(collapseCarriageReturns(text)).toBe(shown);
  });
});
