/** `tsbert doctor`: prints what works on this machine, and the remedy for each thing that does not. */
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { readyBackend } from '../../embeddings/backend.ts';
import { listCached } from '../../embeddings/graph/cache/clear-out.ts';
import { cachePlaces, mayRead } from '../../embeddings/graph/cache/places.ts';
import { bundledModels } from '../../embeddings/hub/bundled.ts';
import { cachedModels, missingFiles } from '../../embeddings/hub/cache.ts';
import { hubEnvironment, readToken } from '../../embeddings/hub/environment.ts';
import { askHub } from '../../embeddings/hub/reach.ts';
import { findKernel } from '../../jupyter/client/find-kernel.ts';
import { KERNEL_NAME, kernelSpec } from '../../jupyter/kernelspec.ts';
import { executeNotebook } from '../../jupyter/notebook/execute.ts';
import { type Notebook, parseNotebook } from '../../jupyter/notebook/nbformat.ts';
import { type Command, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { findJupyterLab } from '../support/find-jupyter.ts';
import { examine, type Finding, type Machine, type State } from './doctor-checks.ts';

const help = `
tsbert doctor

Prints what works on this machine and how to mend what does not: Node.js, the kernel, the tfjs backend, the
bundled models, JupyterLab, the kernel's registration, the model hub, the models in the cache and what was made
of them.

The exit code is 1 when something is broken that nothing goes without; what is only missing leaves it 0.
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { positionals } = parseFlags(args, {});
    if (positionals.length > 0) throw new UsageError(`doctor takes no arguments, not '${positionals[0]}'.`);
    return report(await describeMachine(terminal), terminal);
  },
};

const marks: Record<State, string> = { works: '✓', missing: '–', broken: '✗' };

/** Prints each finding as it comes. @returns the exit code */
export async function report(machine: Machine, terminal: Terminal): Promise<number> {
  const broken: string[] = [];
  terminal.status('Looking …');
  for await (const finding of examine(machine)) {
    terminal.interrupted.throwIfAborted();
    for (const line of formatFinding(finding)) terminal.print(line);
    terminal.status('Looking …');
    if (finding.state === 'broken') broken.push(finding.what);
  }
  terminal.status('');
  terminal.print('');
  terminal.print(broken.length === 0 ? 'Everything needed works.' : `Broken: ${broken.join(', ')}.`);
  return broken.length === 0 ? 0 : 1;
}

function formatFinding({ what, state, found, remedy }: Finding): string[] {
  const line = `${marks[state]} ${what.padEnd(18)} ${found}`;
  return remedy === undefined ? [line] : [line, `${' '.repeat(21)}→ ${remedy}`];
}

/** The real machine, seen from a terminal. */
async function describeMachine({ env, interrupted }: Terminal): Promise<Machine> {
  const hub = hubEnvironment(env);
  // A token that is none is told by the check that asks the hub with it.
  const hasToken = await readToken(hub).then(
    (token) => token !== undefined,
    () => true,
  );
  return {
    nodeVersion: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    runKernel: () => runKernel(interrupted),
    chooseBackend: readyBackend,
    findJupyterLab: async () => {
      const path = findJupyterLab(env);
      if (path === undefined) return undefined;
      const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 60_000 });
      return { path, version: stdout.trim() };
    },
    findRegisteredKernel: async () => (await findKernel(KERNEL_NAME, env))?.argv,
    ownKernel: kernelSpec().argv,
    hub: { ...hub, hasToken },
    askHub: () => askHub(env),
    listCachedModels: () => cachedModels(hub.cacheDir),
    measureGraphs: () => measureGraphs(env),
    inspectBundledModels: () =>
      Promise.all(bundledModels.map(async ({ id, folder }) => ({ id, missing: await missingFiles(folder) }))),
  };
}

async function measureGraphs(env: Terminal['env']) {
  const places = await Promise.all(
    cachePlaces(undefined, env).map(async (place) => {
      const folders = (await mayRead(place)) ? await listCached(place) : [];
      const bytes = folders.reduce((sum, folder) => sum + folder.bytes, 0);
      return { place: place.path, count: folders.length, bytes };
    }),
  );
  return places.filter(({ count }) => count > 0);
}

async function runKernel(signal: AbortSignal): Promise<{ shown: string; ms: number }> {
  const startedAt = performance.now();
  const { notebook, failures } = await executeNotebook(sumNotebook(), {
    cwd: tmpdir(),
    kernelSpec: kernelSpec(),
    startTimeoutMs: 60_000,
    cellTimeoutMs: 60_000,
    signal,
  });
  if (failures[0]) throw new Error(`${failures[0].ename}: ${failures[0].evalue}`);
  return { shown: shownText(notebook), ms: performance.now() - startedAt };
}

function sumNotebook(): Notebook {
  const cell = { cell_type: 'code', source: '1 + 1', metadata: {}, outputs: [], execution_count: null };
  return parseNotebook(
    JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell] }),
    '1 + 1',
  );
}

/** The text of the first output. */
function shownText({ cells }: Notebook): string {
  const [cell] = cells;
  const output = cell?.cell_type === 'code' ? cell.outputs[0] : undefined;
  return output && 'data' in output ? String(output.data['text/plain']) : '';
}
