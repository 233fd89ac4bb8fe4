/** Running notebooks: the order of things, with a kernel that is a script of messages. */
import { describe, expect, it } from 'vitest';
import type { KernelClient, StartKernel } from '../../../src/jupyter/client/client.ts';
import { DeadKernelError } from '../../../src/jupyter/client/errors.ts';
import {
  createMessageFactory,
  type ExecuteReply,
  type KernelInfoReply,
} from '../../../src/jupyter/messages.ts';
import { executeNotebook, type ProgressEvent } from '../../../src/jupyter/notebook/execute.ts';
import type { Notebook } from '../../../src/jupyter/notebook/nbformat.ts';

const session = createMessageFactory('kernel');
const info = { language_info: { name: 'fake' } } as KernelInfoReply;

function notebookOf(...sources: (string | { source: string; tags: string[] })[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: sources.map((cell, i) => ({
      id: `c${i}`,
      cell_type: 'code',
      source: typeof cell === 'string' ? cell : cell.source,
      metadata: typeof cell === 'string' ? {} : { tags: cell.tags },
      execution_count: null,
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'from an earlier run' }],
    })),
  };
}

/** A kernel whose cells are commands: `print X`, `fail`, `die`, `hang`, `wedge`. */
function fakeKernel(log: string[] = []): StartKernel {
  return async (_spec, { cwd }) => {
    log.push(`start in ${cwd}`);
    let count = 0;
    let stop: (() => void) | undefined;
    const kernel: KernelClient = {
      info,
      async execute(code, onMessage) {
        count += 1;
        const send = (type: string, content: Record<string, unknown>) =>
          onMessage(session.create(type, { content }));
        send('execute_input', { code, execution_count: count });
        log.push(code);
        if (code === 'die') throw new DeadKernelError('exit code 7');
        if (code === 'hang' || code === 'wedge') await new Promise<void>((resolve) => (stop = resolve));
        if (code.startsWith('print ')) send('stream', { name: 'stdout', text: code.slice(6) });
        if (code !== 'fail' && code !== 'hang') return { status: 'ok' } as ExecuteReply;
        const error = { ename: 'Error', evalue: 'failed', traceback: [`at In[${count}]:1:1`] };
        send('error', error);
        return { status: 'error', execution_count: count, ...error };
      },
      async interrupt() {
        log.push('interrupt');
        stop?.();
      },
      async close() {
        log.push('close');
      },
    };
    return kernel;
  };
}

const run = (notebook: Notebook, options: object = {}, log: string[] = []) =>
  executeNotebook(notebook, { cwd: 'here', kernelSpec: { argv: [] }, start: fakeKernel(log), ...options });

describe('executeNotebook()', () => {
  it('runs the filled cells in order, leaves the given notebook alone and closes the kernel', async () => {
    const given = notebookOf('print a', '  \n', 'print b');
    const log: string[] = [];
    const { notebook, failures } = await run(given, {}, log);
    expect(log).toEqual(['start in here', 'print a', 'print b', 'close']);
    expect(failures).toEqual([]);
    expect(notebook.cells).toMatchObject([
      { execution_count: 1, outputs: [{ text: 'a' }] },
      { execution_count: null, outputs: [] },
      { execution_count: 2, outputs: [{ text: 'b' }] },
    ]);
    expect(notebook.metadata.language_info).toEqual({ name: 'fake' });
    expect(given.cells[0]).toMatchObject({ outputs: [{ text: 'from an earlier run' }] });
  });

  it('stops at the first failure and tells the cell’s number and line', async () => {
    const { notebook, failures } = await run(notebookOf('', 'print a', 'fail', 'print b'));
    expect(failures).toMatchObject([
      { cellIndex: 2, cellNumber: 2, line: 1, sourceLine: 'fail', evalue: 'failed' },
    ]);
    expect(notebook.cells[3]).toMatchObject({ outputs: [], execution_count: null });
  });

  it('runs on with allowErrors, and after a cell tagged raises-exception', async () => {
    const { failures } = await run(notebookOf('fail', 'print a', 'fail'), { allowErrors: true });
    expect(failures).toHaveLength(2);
    const tagged = await run(notebookOf({ source: 'fail', tags: ['raises-exception'] }, 'print a'));
    expect(tagged.failures).toEqual([]);
    expect(tagged.notebook.cells[1]).toMatchObject({ outputs: [{ text: 'a' }] });
  });

  it('makes the kernel’s death a failure of the running cell, and the end', async () => {
    const { notebook, failures } = await run(notebookOf('die', 'print a'), { allowErrors: true });
    expect(failures).toMatchObject([{ cellNumber: 1, ename: 'DeadKernelError' }]);
    expect(notebook.cells[0]).toMatchObject({
      outputs: [{ output_type: 'error', ename: 'DeadKernelError' }],
    });
    expect(notebook.cells[1]).toMatchObject({ outputs: [] });
  });

  it('interrupts a cell that takes too long and says so', async () => {
    const log: string[] = [];
    const { failures } = await run(
      notebookOf('hang', 'print a'),
      { cellTimeoutMs: 20, allowErrors: true },
      log,
    );
    expect(log).toEqual(['start in here', 'hang', 'interrupt', 'print a', 'close']);
    expect(failures).toMatchObject([{ cellNumber: 1, ename: 'CellTimeoutError', evalue: /0.02 s/ }]);
  });

  it('tells progress cell by cell', async () => {
    const events: string[] = [];
    const onProgress = (event: ProgressEvent) => {
      if (event.type === 'cell-start') events.push(`start ${event.number}/${event.count} ${event.source}`);
      if (event.type === 'cell-end') events.push(`end ${event.number} ${event.failure?.ename ?? 'ok'}`);
    };
    await run(notebookOf('print a', 'fail'), { onProgress });
    expect(events).toEqual(['start 1/2 print a', 'end 1 ok', 'start 2/2 fail', 'end 2 Error']);
  });

  it('rejects with the reason when it is aborted, and closes the kernel', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const onProgress = (event: ProgressEvent) =>
      event.type === 'cell-end' && controller.abort(new Error('stopped'));
    const running = run(notebookOf('print a', 'print b'), { signal: controller.signal, onProgress }, log);
    await expect(running).rejects.toThrow('stopped');
    expect(log).not.toContain('print b');
    expect(log).toContain('close');
  });
});
