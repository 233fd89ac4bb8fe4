/** What `tsbert doctor` looks at, what it concludes, and the remedy for each thing that does not work. */
import { existsSync } from 'node:fs';

/** Works; does not, and one can do without; does not, and nothing goes without. */
export type State = 'works' | 'missing' | 'broken';

/** One line of the report. */
export interface Finding {
  what: string;
  state: State;
  /** What was found, in a few words. */
  found: string;
  /** What to do, where there is something to do. */
  remedy?: string;
}

/** What the checks ask of the machine; tests answer themselves. Every function may throw: that is a finding too. */
export interface Machine {
  /** As `process.version` without the v. */
  nodeVersion: string;
  platform: string;
  /** Runs `1 + 1` in a kernel of its own. @returns what the cell showed */
  runKernel(): Promise<{ shown: string; ms: number }>;
  chooseBackend(): Promise<{ name: string; reason: string }>;
  /** @returns undefined where there is none */
  findJupyterLab(): Promise<{ path: string; version: string } | undefined>;
  /** The command of the kernel registered for the user, and our own command. */
  findRegisteredKernel(): Promise<readonly string[] | undefined>;
  ownKernel: readonly string[];
  hub: { endpoint: string; cacheDir: string; offline: boolean; hasToken: boolean };
  askHub(): Promise<void>;
  listCachedModels(): Promise<string[]>;
  /** The places of graphs that hold some, with their bytes. */
  measureGraphs(): Promise<{ place: string; count: number; bytes: number }[]>;
  /** The bundled models by id, with the files they lack. */
  inspectBundledModels(): Promise<{ id: string; missing: string[] }[]>;
}

/** Every check, in the order of the report. */
const checks: { what: string; run(machine: Machine): Finding | Promise<Finding> }[] = [
  { what: 'Node.js', run: checkNode },
  { what: 'Kernel', run: checkKernel },
  { what: 'Tensors (tfjs)', run: checkBackend },
  { what: 'Bundled models', run: checkBundledModels },
  { what: 'Jupyter (Python)', run: checkJupyterLab },
  { what: 'Kernel registered', run: checkRegistration },
  { what: 'Model hub', run: checkHub },
  { what: 'Cached models', run: checkCache },
  { what: 'Cached graphs', run: checkGraphs },
];

/** Runs every check, one after the other; a check that throws is a broken thing. */
export async function* examine(machine: Machine): AsyncGenerator<Finding> {
  for (const { what, run } of checks) {
    try {
      yield await run(machine);
    } catch (error) {
      const found = (error as Error).message.split('\n', 1)[0] ?? '';
      yield { what, state: 'broken', found, remedy: 'Install tsbert again (npm install tsbert).' };
    }
  }
}

function checkNode({ nodeVersion, platform }: Machine): Finding {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const found = `${nodeVersion} on ${platform}`;
  const what = 'Node.js';
  const remedy = 'Install Node.js 22 or 24 from https://nodejs.org.';
  if (major < 20 || (major === 20 && minor < 19)) return { what, state: 'broken', found, remedy };
  const isBetween = major === 21 || (major === 22 && minor < 12);
  if (isBetween)
    return { what, state: 'missing', found: `${found}, without require() of ES modules`, remedy };
  return { what, state: 'works', found };
}

async function checkKernel(machine: Machine): Promise<Finding> {
  const remedy =
    'Run it by hand to see why: npx tsbert run NOTEBOOK; if modules are missing, install tsbert again.';
  try {
    const { shown, ms } = await machine.runKernel();
    if (shown === '2')
      return { what: 'Kernel', state: 'works', found: `ran 1 + 1 in ${(ms / 1000).toFixed(1)} s` };
    return { what: 'Kernel', state: 'broken', found: `1 + 1 showed '${shown}'`, remedy };
  } catch (error) {
    return { what: 'Kernel', state: 'broken', found: firstLine(error), remedy };
  }
}

async function checkBackend(machine: Machine): Promise<Finding> {
  const { name, reason } = await machine.chooseBackend();
  const what = 'Tensors (tfjs)';
  const found = `${name} (${reason})`;
  if (name === 'tfjs-node') return { what, state: 'works', found };
  const remedy =
    'It is fast enough for notebooks; environment.md tells how to get the native binding, tfjs-node.';
  return { what, state: name === 'cpu' ? 'missing' : 'works', found, remedy };
}

async function checkBundledModels(machine: Machine): Promise<Finding> {
  const models = await machine.inspectBundledModels();
  const incomplete = models.filter(({ missing }) => missing.length > 0);
  const what = 'Bundled models';
  if (incomplete.length === 0) {
    return { what, state: 'works', found: models.map(({ id }) => id).join(', ') };
  }
  const found = incomplete.map(({ id, missing }) => `${id} lacks ${missing.join(', ')}`).join('; ');
  return { what, state: 'broken', found, remedy: 'Install tsbert again (npm install tsbert).' };
}

/** Nobody needs it: it is told for those who want it. */
async function checkJupyterLab(machine: Machine): Promise<Finding> {
  const lab = await machine.findJupyterLab();
  const what = 'Jupyter (Python)';
  if (lab) return { what, state: 'works', found: `${lab.version} at ${lab.path}` };
  return { what, state: 'works', found: 'none, and none is needed: npx tsbert lab brings its own' };
}

async function checkRegistration(machine: Machine): Promise<Finding> {
  const argv = await machine.findRegisteredKernel();
  const what = 'Kernel registered';
  const remedy = 'npx tsbert kernel install';
  if (argv === undefined) {
    return {
      what,
      state: 'missing',
      found: 'not for this user (npx tsbert lab needs no registration)',
      remedy,
    };
  }
  const isOurs = argv.join('\n') === machine.ownKernel.join('\n');
  if (isOurs) return { what, state: 'works', found: argv.find((part) => part.endsWith('.js')) ?? '' };
  const lost = argv
    .slice(0, -1)
    .find((part) => /[\\/]/.test(part) && !part.startsWith('-') && !existsSync(part));
  if (lost !== undefined)
    return { what, state: 'broken', found: `it points to ${lost}, which is gone`, remedy };
  return { what, state: 'works', found: `another installation: ${argv.join(' ')}` };
}

async function checkHub(machine: Machine): Promise<Finding> {
  const { endpoint, offline, hasToken } = machine.hub;
  const what = 'Model hub';
  const without = 'Without it, cached models, local folders and the bundled stand-ins work.';
  if (offline) {
    const remedy = `Unset HF_HUB_OFFLINE and TSBERT_OFFLINE to use it. ${without}`;
    return { what, state: 'missing', found: `${endpoint}, not asked: the environment forbids it`, remedy };
  }
  try {
    await machine.askHub();
    return { what, state: 'works', found: `${endpoint}${hasToken ? ', with a token' : ''}` };
  } catch (error) {
    const remedy = `Connect, or name a mirror in HF_ENDPOINT. ${without}`;
    return { what, state: 'missing', found: `${endpoint}: ${firstLine(error)}`, remedy };
  }
}

async function checkCache(machine: Machine): Promise<Finding> {
  const models = await machine.listCachedModels();
  const what = 'Cached models';
  const { cacheDir } = machine.hub;
  if (models.length > 0) return { what, state: 'works', found: `${models.join(', ')} in ${cacheDir}` };
  const remedy = 'The first load of a model fills it; or on a connected machine: hf download ORG/NAME.';
  return { what, state: 'missing', found: `none in ${cacheDir}`, remedy };
}

async function checkGraphs(machine: Machine): Promise<Finding> {
  const places = await machine.measureGraphs();
  const texts = places.map(
    ({ place, count, bytes }) =>
      `${count} with ${Math.ceil(bytes / 1e6).toLocaleString('en')} MB in ${place}`,
  );
  const found = texts.length > 0 ? texts.join('; ') : 'none yet: the first load of a model makes one';
  return { what: 'Cached graphs', state: 'works', found };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
