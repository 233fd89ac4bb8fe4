/** Notebook trust: whose outputs may show more than the sanitizer lets through. Jupyter's rules, in a store of our own. */
import { createHmac, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CodeCell,
  codeCells,
  type Notebook,
  serializeNotebook,
} from '../../jupyter/notebook/nbformat.ts';

/** The notebooks that this user has run or trusted. */
export interface Trust {
  /** Marks every code cell of a notebook as trusted or not, for the page. */
  mark(notebook: Notebook): Promise<void>;
  /** Takes the page's marks off, and remembers the notebook where every cell was trusted or harmless. */
  checkAndSign(notebook: Notebook): Promise<void>;
  /** Remembers the notebook as it is. */
  sign(notebook: Notebook): Promise<void>;
}

/**
 * A store in a folder: a secret of this user and the signatures made with it, one a line.
 * @param folder - made at the first signature
 * @see https://jupyter-server.readthedocs.io/en/latest/operators/security.html#security-in-notebook-documents
 */
export function createTrust(folder: string): Trust {
  const store = loadStore(folder);
  const signatureOf = async (notebook: Notebook) =>
    createHmac('sha256', (await store).secret)
      .update(serializeNotebook(notebook))
      .digest('hex');
  const sign = async (notebook: Notebook) => {
    const signature = await signatureOf(notebook);
    const { known } = await store;
    if (known.has(signature)) return;
    known.add(signature);
    await appendFile(join(folder, 'signatures'), `${signature}\n`);
  };
  return {
    sign,
    async mark(notebook) {
      const isKnown = (await store).known.has(await signatureOf(notebook));
      for (const { cell } of codeCells(notebook)) cell.metadata.trusted = isKnown;
    },
    async checkAndSign(notebook) {
      const verdicts = codeCells(notebook).map(({ cell }) => takeMark(cell) || isHarmless(cell));
      if (verdicts.every(Boolean)) await sign(notebook);
    },
  };
}

function takeMark(cell: CodeCell): boolean {
  const isTrusted = cell.metadata.trusted === true;
  delete cell.metadata.trusted;
  return isTrusted;
}

/** Text of streams and errors can do nothing. */
function isHarmless({ outputs }: CodeCell): boolean {
  return outputs.every(
    (output) =>
      output.output_type === 'stream' ||
      output.output_type === 'error' ||
      Object.keys(output.data).length === 0,
  );
}

async function loadStore(folder: string): Promise<{ secret: Buffer; known: Set<string> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secretFile = join(folder, 'secret');
  // 'wx': of two servers that start at once, one makes the secret and the other reads it.
  await writeFile(secretFile, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch(() => {});
  const secret = Buffer.from(await readFile(secretFile, 'utf8'), 'hex');
  const lines = await readFile(join(folder, 'signatures'), 'utf8').catch(() => '');
  return { secret, known: new Set(lines.split('\n').filter(Boolean)) };
}
