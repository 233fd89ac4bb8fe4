/** `tsbert warm`: makes models ready before anybody waits for them, such as while an image is built. */
import { SentenceTransformer } from '../../embeddings/model/sentence-transformer.ts';
import { DTYPES, type Dtype } from '../../embeddings/weights/dtype.ts';
import { type Command, parseFlags, type Terminal, UsageError } from '../support/command.ts';

const help = `
tsbert warm MODEL... [flags]

Downloads each model where it is not on this machine, and makes what it is run from. With TSBERT_GRAPHS=FOLDER that
lands in a folder which may be shared, read-only, by any number of users of the same models.

  --dtype TYPE     the precision: ${DTYPES.join(', ')}; fp32 by default, as a load without dtype takes
`;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, { dtype: { type: 'string', default: 'fp32' } });
    if (positionals.length === 0) throw new UsageError('MODEL is missing.');
    if (!DTYPES.includes(values.dtype as Dtype)) {
      throw new UsageError(`--dtype '${values.dtype}' is none of ${DTYPES.join(', ')}.`);
    }
    for (const name of positionals) await warm(name, values.dtype as Dtype, terminal);
    return 0;
  },
};

async function warm(name: string, dtype: Dtype, terminal: Terminal): Promise<void> {
  terminal.interrupted.throwIfAborted();
  const model = await SentenceTransformer.load(name, { dtype });
  await model.dispose();
  terminal.print(`Ready: ${model.name}`);
}
