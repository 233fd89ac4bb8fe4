/** What the doctor concludes from a machine, and how it says so. */
import { describe, expect, it } from 'vitest';
import { report } from '../../../src/cli/commands/doctor.ts';
import { examine, type Finding, type Machine } from '../../../src/cli/commands/doctor-checks.ts';
import { recordingTerminal } from '../recording-terminal.ts';

const own = ['/node', '/tsbert/dist/kernel/main.js', '{connection_file}'];

/** A machine on which all is well. */
function machine(changes: Partial<Machine> = {}): Machine {
  return {
    nodeVersion: '22.12.0',
    platform: 'linux x64',
    runKernel: async () => ({ shown: '2', ms: 1234 }),
    chooseBackend: async () => ({ name: 'tfjs-node', reason: 'native TensorFlow' }),
    findJupyterLab: async () => ({ path: '/bin/jupyter-lab', version: '4.6.6' }),
    findRegisteredKernel: async () => own,
    ownKernel: own,
    hub: { endpoint: 'https://huggingface.co', cacheDir: '/cache', offline: false, hasToken: false },
    askHub: async () => {},
    listCachedModels: async () => ['sentence-transformers/all-mpnet-base-v2'],
    measureGraphs: async () => [{ place: '/graphs', count: 3, bytes: 1_234_567_890 }],
    inspectBundledModels: async () => [{ id: 'tsbert/mini-mpnet', missing: [] }],
    ...changes,
  };
}

async function findAll(changes: Partial<Machine> = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of examine(machine(changes))) findings.push(finding);
  return findings;
}

async function findingOf(what: string, changes: Partial<Machine>): Promise<Finding> {
  const findings = await findAll(changes);
  return findings.find((finding) => finding.what === what)!;
}

const failing = (message: string) => async () => {
  throw new Error(message);
};

describe('examine()', () => {
  it('finds that all works, with no remedy', async () => {
    const findings = await findAll();
    expect(findings.map(({ state }) => state)).toEqual(findings.map(() => 'works'));
    expect(findings.filter(({ remedy }) => remedy)).toEqual([]);
  });

  it.each([
    ['18.20.0', 'broken'],
    ['20.18.1', 'broken'],
    ['20.19.0', 'works'],
    ['22.11.0', 'missing'],
    ['24.4.1', 'works'],
  ])('judges Node %s: %s', async (nodeVersion, state) => {
    expect(await findingOf('Node.js', { nodeVersion })).toMatchObject({ state });
  });

  it('tells what the graphs take', async () => {
    expect((await findingOf('Cached graphs', {})).found).toBe('3 with 1,235 MB in /graphs');
    const none = await findingOf('Cached graphs', { measureGraphs: async () => [] });
    expect(none).toMatchObject({ state: 'works', found: expect.stringContaining('none yet') });
  });

  it('tells why the kernel does not start', async () => {
    const finding = await findingOf('Kernel', { runKernel: failing('exit code 1\nstack') });
    expect(finding).toMatchObject({ state: 'broken', found: 'exit code 1', remedy: expect.any(String) });
    expect(await findingOf('Kernel', { runKernel: async () => ({ shown: '', ms: 1 }) })).toMatchObject({
      state: 'broken',
    });
  });

  it('accepts wasm, and tells how to get tfjs-node', async () => {
    const chooseBackend = async () => ({ name: 'wasm', reason: 'tfjs-node is not installed' });
    expect(await findingOf('Tensors (tfjs)', { chooseBackend })).toMatchObject({
      state: 'works',
      remedy: expect.stringContaining('environment.md'),
    });
  });

  it('names the files a bundled model lacks', async () => {
    const inspectBundledModels = async () => [{ id: 'tsbert/mini-mpnet', missing: ['model.safetensors'] }];
    expect(await findingOf('Bundled models', { inspectBundledModels })).toMatchObject({
      state: 'broken',
      found: 'tsbert/mini-mpnet lacks model.safetensors',
    });
  });

  it('judges the registered kernel: none, another installation, a lost one', async () => {
    const registered = (argv: string[] | undefined) => ({ findRegisteredKernel: async () => argv });
    const remedy = 'npx tsbert kernel install';
    const none = await findingOf('Kernel registered', registered(undefined));
    expect(none).toMatchObject({ state: 'missing', remedy });
    const other = [process.execPath, import.meta.filename, '{connection_file}'];
    expect(await findingOf('Kernel registered', registered(other))).toMatchObject({ state: 'works' });
    const lost = await findingOf('Kernel registered', registered([process.execPath, '/gone/main.js', '{c}']));
    expect(lost).toMatchObject({ state: 'broken', found: expect.stringContaining('/gone/main.js'), remedy });
  });

  it('does without a hub, and says what works without', async () => {
    const askHub = failing('getaddrinfo ENOTFOUND huggingface.co');
    expect(await findingOf('Model hub', { askHub })).toMatchObject({
      state: 'missing',
      found: 'https://huggingface.co: getaddrinfo ENOTFOUND huggingface.co',
      remedy: expect.stringContaining('stand-ins'),
    });
    const hub = { ...machine().hub, offline: true };
    const finding = await findingOf('Model hub', { hub, askHub: failing('must not be asked') });
    expect(finding.found).toMatch(/not asked/);
  });

  it('takes a check that throws for a broken thing, and goes on', async () => {
    const findings = await findAll({ chooseBackend: failing('no backend') });
    expect(findings.find(({ state }) => state === 'broken')).toMatchObject({ found: 'no backend' });
    expect(findings).toHaveLength(9);
  });
});

describe('report()', () => {
  it('prints a line for each finding, remedies below, and exits 0 when nothing is broken', async () => {
    const terminal = recordingTerminal();
    const without = { findJupyterLab: async () => undefined, findRegisteredKernel: async () => undefined };
    expect(await report(machine(without), terminal)).toBe(0);
    expect(terminal.out.slice(0, 2)).toEqual([
      '✓ Node.js            22.12.0 on linux x64',
      '✓ Kernel             ran 1 + 1 in 1.2 s',
    ]);
    expect(terminal.out.join('\n')).toMatch(/✓ Jupyter \(Python\) {3}none, and none is needed/);
    expect(terminal.out.join('\n')).toMatch(
      /– Kernel registered {2}not for this user.*\n {21}→ npx tsbert kernel install/,
    );
    expect(terminal.out.at(-1)).toBe('Everything needed works.');
  });

  it('exits 1 when something needed is broken', async () => {
    const terminal = recordingTerminal();
    expect(await report(machine({ nodeVersion: '18.0.0' }), terminal)).toBe(1);
    expect(terminal.out.at(-1)).toBe('Broken: Node.js.');
  });
});
