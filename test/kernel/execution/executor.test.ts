/** What a cell's end says of its types, when it ran before they were known. The parts around the executor are fakes. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createMessageFactory, type ExecuteRequest } from '../../../src/jupyter/messages.ts';
import { parseRequest } from '../../../src/jupyter/requests.ts';
import type { CompiledCell, LateDiagnostics } from '../../../src/kernel/compiler/cell/types.ts';
import { Executor } from '../../../src/kernel/execution/executor.ts';
import type { KernelParts } from '../../../src/kernel/execution/kernel-parts.ts';
import type { Outcome } from '../../../src/kernel/runner/link/messages.ts';
import { RunRegistry } from '../../../src/kernel/server/run-registry.ts';

const late: LateDiagnostics = {
  fileName: '/In[1].ts',
  name: 'In[1]',
  code: 'pront(1)',
  diagnostics: [
    { category: 'error', code: 2304, message: "Cannot find name 'pront'.", line: 1, column: 1, length: 5 },
  ],
};

/** Executes one cell. @returns what it put out, and its reply */
async function execute(compiled: Partial<CompiledCell>, outcome: Outcome, recheck?: LateDiagnostics) {
  const sent: [string, object][] = [];
  const parts = {
    iopub: {
      push: (type: string, content: object) => sent.push([type, content]),
      pushStream: (content: object) => sent.push(['stream', content]),
      flushed: async () => {},
    },
    compiler: {
      compile: async () => ({ name: 'In[1]', js: '', modules: [], late: [], diagnostics: [], ...compiled }),
      recheck: async () => recheck,
    },
    runner: { run: async () => outcome },
    runs: new RunRegistry(),
    history: { add: async () => {} },
    log: () => {},
    reply: async (_request: object, content: object) => void sent.push(['reply', content]),
  };
  const content: ExecuteRequest = parseRequest('execute_request', { code: late.code });
  const message = createMessageFactory('test').create('execute_request', { content });
  const executor = new Executor(parts as unknown as KernelParts);
  await executor.execute(
    { channel: 'shell', identities: [], message },
    { drop: async () => {}, waiting: () => [] },
  );
  return Object.fromEntries(sent) as Record<string, Record<string, unknown>>;
}

const failed: Outcome = {
  status: 'error',
  ename: 'ReferenceError',
  evalue: 'pront',
  traceback: ['at run time'],
};

describe('Executor', () => {
  it('tells the type errors of earlier cells above the next one', async () => {
    const { stream } = await execute({ late: [late] }, { status: 'ok' });
    expect(stream).toMatchObject({ name: 'stderr' });
    expect(stripVTControlCharacters(String(stream!.text))).toMatch(
      /^In\[1\] ran before its types were known\. They say:\nIn\[1\]:1:1 error TS2304: Cannot find name 'pront'/,
    );
  });

  it('puts what the types say before what failed at run time', async () => {
    const { reply } = await execute({ unchecked: '/In[1].ts' }, failed, late);
    expect(reply).toMatchObject({ status: 'error', ename: 'TypeScriptError' });
    expect((reply!.traceback as string[]).at(-1)).toBe('at run time');
  });

  it('leaves a failure as it is where the types have nothing to say, or were known', async () => {
    expect((await execute({ unchecked: '/In[1].ts' }, failed)).reply).toMatchObject({
      ename: 'ReferenceError',
    });
    expect((await execute({}, failed, late)).reply).toMatchObject({ ename: 'ReferenceError' });
  });
});
