/** `tsbert embed`: encodes a file of texts into a folder of Parquet files. */
import { resolve } from 'node:path';
import { type EmbedProgress, embedCorpus, type Shard } from '../../corpus/embed-corpus.ts';
import { hashFile, openCorpus } from '../../corpus/open-corpus.ts';
import { openParquetParts } from '../../corpus/parquet-parts.ts';
import { type Command, onlyArgument, parseFlags, type Terminal, UsageError } from '../support/command.ts';
import { formatDuration } from './run-progress.ts';

const help = `
tsbert embed INPUT --model NAME --output FOLDER [flags]

Encodes the texts of a file (.txt, one a line; .jsonl; .csv with a header; .parquet) and writes them with their
embeddings into a folder of Parquet files: columns id, text and embedding. Called again after it was stopped, in
whatever way, it goes on where it was: nothing is lost and nothing is there twice.

  --model NAME       the model: a name of the hub, or a folder
  --output FOLDER    where the files go
  --column NAME      the column of the texts. Default: text
  --id NAME          the column that names the rows. Default: the row's number, from 0
  --shard I/N        do only the I-th of N shares, counted from 0; all may write into one folder
  --rows N           rows of a file. Default: 2048
  --normalize        scale each embedding to length 1
  --prompt-name NAME put the model's prompt of that name before each text
  --dtype TYPE       precision of the weights: fp32, fp16 or q8. Default: fp32
  --stand-in         take the small bundled model where the real one is not to be had
`;

const TEXTS_AT_ONCE = 256;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      model: { type: 'string' },
      output: { type: 'string' },
      column: { type: 'string', default: 'text' },
      id: { type: 'string' },
      shard: { type: 'string', default: '0/1' },
      rows: { type: 'string', default: '2048' },
      normalize: { type: 'boolean', default: false },
      'prompt-name': { type: 'string' },
      dtype: { type: 'string' },
      'stand-in': { type: 'boolean', default: false },
    });
    const input = onlyArgument(positionals, 'INPUT');
    if (!values.model) throw new UsageError('--model is missing.');
    if (!values.output) throw new UsageError('--output is missing.');
    const shard = parseShard(values.shard);
    const rowsPerPart = parseRows(values.rows);
    const path = resolve(terminal.cwd, input);
    const corpus = await openCorpus(path, { text: values.column, id: values.id });
    const { SentenceTransformer } = await import('../../embeddings/model/sentence-transformer.ts');
    const model = await SentenceTransformer.load(values.model, {
      standIn: values['stand-in'],
      ...(values.dtype !== undefined && { dtype: values.dtype as 'fp32' }),
    });
    try {
      const promptName = values['prompt-name'];
      const sink = await openParquetParts(resolve(terminal.cwd, values.output), {
        input: await hashFile(path),
        column: values.column,
        id: values.id ?? null,
        model: model.name,
        dtype: values.dtype ?? 'fp32',
        dimension: model.embeddingDimension,
        normalize: values.normalize,
        prompt: promptName ?? null,
        rows: rowsPerPart,
      });
      const startedAt = performance.now();
      const result = await embedCorpus({
        corpus,
        sink,
        rowsPerPart,
        shard,
        encode: (texts) =>
          model.encodeStream(texts, {
            batchSize: TEXTS_AT_ONCE,
            signal: terminal.interrupted,
            normalizeEmbeddings: values.normalize,
            ...(promptName !== undefined && { promptName }),
          }),
        onProgress: createProgress(terminal, startedAt),
      });
      terminal.status('');
      const { encoded, passed, parts, missing } = result;
      terminal.print(
        `Encoded ${encoded} rows with ${model.name} in ${formatDuration(performance.now() - startedAt)}; ` +
          `${passed} were done or are other shards'.`,
      );
      terminal.print(
        missing === 0
          ? `${values.output} is complete: ${parts} files.`
          : `${values.output} lacks ${missing} of ${parts} files: the other shards are to write them.`,
      );
      return 0;
    } finally {
      await model.dispose();
    }
  },
};

/** A line such as `12,000 rows, 840 a second, 43 %, 25 s left`. */
function createProgress(terminal: Terminal, startedAt: number): (progress: EmbedProgress) => void {
  /** Where the first encoded batch began: what was passed over cost no time. */
  let first: { fraction: number; at: number } | undefined;
  return ({ encoded, fraction }) => {
    const now = performance.now();
    if (encoded === 0) {
      first = { fraction, at: now };
      return;
    }
    first ??= { fraction: 0, at: startedAt };
    const seconds = (now - first.at) / 1000;
    const share = (fraction - first.fraction) / (1 - first.fraction);
    const left =
      share > 0 && share < 1 ? `, ${formatDuration((1000 * seconds * (1 - share)) / share)} left` : '';
    const rate = Math.round(encoded / seconds);
    terminal.status(
      `${encoded.toLocaleString('en')} rows, ${rate.toLocaleString('en')} a second, ${Math.floor(fraction * 100)} %${left}`,
    );
  };
}

function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index >= count) {
    throw new UsageError(`--shard '${text}' is no I/N with I from 0 to N - 1.`);
  }
  return { index, count };
}

function parseRows(text: string): number {
  const rows = Number(text);
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new UsageError(`--rows '${text}' is no whole number above 0.`);
  return rows;
}
