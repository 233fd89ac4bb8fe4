/** Turns sentences into token ids as sentence-transformers does, with the tokenizer of transformers.js. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { PreTrainedTokenizer } from '@huggingface/transformers';
import type { TransformerConfiguration } from '../configuration.ts';
import { ModelFormatError } from '../errors.ts';
import { type JsonObject, readJsonObject } from '../json-file.ts';
import { checkPatterns } from './tokenizer-patterns.ts';
import { countSpecialTokens, truncate } from './truncate.ts';

/** A token of a text, as the model reads it. */
export interface Token {
  id: number;
  /** The word or piece of a word, as the vocabulary writes it: `##ing` goes on with the word before it. */
  text: string;
  /** Whether the tokenizer put it there, as a mark of the text's beginning or end. */
  special: boolean;
  /** Whether the vocabulary has nothing for this part of the text. */
  unknown: boolean;
}

/** Makes token ids of sentences. */
export interface SentenceTokenizer {
  /** Longest output in tokens, which may be changed; Infinity where nothing limits it. */
  maxSeqLength: number;
  /** @returns token ids, special tokens included, cut to maxSeqLength */
  encode(sentence: string): Int32Array;
  /** The same tokens, with what they stand for. */
  tokens(sentence: string): Token[];
  /** Tokens that a prompt takes at the start of a sentence: those before its closing special token. */
  promptLength(prompt: string): number;
}

/**
 * Loads tokenizer.json of a model.
 *
 * @param configuration what the model's folder says of its transformer
 * @throws {ModelFormatError} when tokenizer.json is missing or damaged
 */
export async function loadTokenizer(configuration: TransformerConfiguration): Promise<SentenceTokenizer> {
  const { folder, kind } = configuration;
  if (kind === 'static') return loadStaticTokenizer(folder);
  return withTokenizer(configuration, (tokenizer, settings) =>
    createTokenizer(tokenizer, configuration, settings.truncation_side === 'left' ? 'left' : 'right'),
  );
}

/**
 * Opens tokenizer.json of a transformer and makes something of it.
 *
 * @param make gets the tokenizer and tokenizer_config.json; what it throws is told with the file's name
 * @throws {ModelFormatError} when a file is missing or damaged
 */
export async function withTokenizer<Made>(
  { folder, doLowerCase }: TransformerConfiguration,
  make: (tokenizer: PreTrainedTokenizer, settings: JsonObject) => Made,
): Promise<Made> {
  await requireFile(folder, 'tokenizer.json');
  const json = await readJsonObject(folder, 'tokenizer.json');
  const settings = await readJsonObject(folder, 'tokenizer_config.json');
  if (!settings) throw missingFile(folder, 'tokenizer_config.json');
  if (json) checkPatterns(json, folder);
  const { AutoTokenizer, PreTrainedTokenizer } = await import('@huggingface/transformers');
  return made(folder, async () => {
    const tokenizer =
      doLowerCase && json && !lowercases(json.normalizer)
        ? new PreTrainedTokenizer(withLowercase(json), settings)
        : await AutoTokenizer.from_pretrained(path.resolve(folder), { local_files_only: true });
    return make(tokenizer, settings);
  });
}

/** What a damaged or unknown tokenizer.json breaks, somewhere in transformers.js, is told with the file's name. */
async function made<Tokenizer>(folder: string, make: () => Promise<Tokenizer>): Promise<Tokenizer> {
  try {
    return await make();
  } catch (cause) {
    const problem = `The tokenizer in ${folder} cannot be made of tokenizer.json (${(cause as Error).message})`;
    const remedy = 'Download the model again; if that does not help, its kind of tokenizer is not supported.';
    throw new ModelFormatError(`${problem}. ${remedy}`, { folder, file: 'tokenizer.json', cause });
  }
}

const NONE_SPECIAL = { before: 0, after: 0 };

/** A table's tokenizer is tokenizer.json alone: no special tokens, and cut only where that file says so. */
async function loadStaticTokenizer(folder: string): Promise<SentenceTokenizer> {
  await requireFile(folder, 'tokenizer.json');
  const json = (await readJsonObject(folder, 'tokenizer.json')) ?? {};
  checkPatterns(json, folder);
  const { PreTrainedTokenizer } = await import('@huggingface/transformers');
  const tokenizer = await made(folder, async () => new PreTrainedTokenizer(json, {}));
  const { max_length: length, direction } = (json.truncation ?? {}) as JsonObject;
  const maxSeqLength = typeof length === 'number' ? length : Number.POSITIVE_INFINITY;
  const side = direction === 'Left' ? 'left' : 'right';
  const own: SentenceTokenizer = {
    maxSeqLength,
    encode(sentence) {
      const ids = tokenizer.encode(sentence, { add_special_tokens: false });
      return Int32Array.from(truncate(ids, own.maxSeqLength, NONE_SPECIAL, side));
    },
    tokens: (sentence) => describe(sentence),
    promptLength: (prompt) => own.encode(prompt).length,
  };
  const describe = describeTokens(tokenizer, own.encode, NONE_SPECIAL);
  return own;
}

async function requireFile(folder: string, file: string): Promise<void> {
  const found = await stat(path.join(folder, file)).catch(() => undefined);
  if (!found?.isFile()) throw missingFile(folder, file);
}

function missingFile(folder: string, file: string): ModelFormatError {
  return new ModelFormatError(
    `${file} is missing in ${folder}. Download the model again; if its repository has no such file, ` +
      'load it once in Python and save it with tokenizer.save_pretrained(folder).',
    { folder, file },
  );
}

/** Does a normalizer of tokenizer.json already turn capitals into small letters? */
function lowercases(normalizer: unknown): boolean {
  if (typeof normalizer !== 'object' || normalizer === null) return false;
  const { type, lowercase, normalizers } = normalizer as JsonObject;
  if (type === 'Lowercase' || (type === 'BertNormalizer' && lowercase === true)) return true;
  return Array.isArray(normalizers) && normalizers.some(lowercases);
}

/** Puts small letters first, as `do_lower_case` of sentence_bert_config.json asks. */
function withLowercase(tokenizer: JsonObject): JsonObject {
  const given = tokenizer.normalizer as JsonObject | null | undefined;
  const others = given?.type === 'Sequence' ? (given.normalizers as unknown[]) : given ? [given] : [];
  return { ...tokenizer, normalizer: { type: 'Sequence', normalizers: [{ type: 'Lowercase' }, ...others] } };
}

function createTokenizer(
  tokenizer: PreTrainedTokenizer,
  configuration: TransformerConfiguration,
  side: 'left' | 'right',
): SentenceTokenizer {
  const { maxSeqLength: explicit, maxPositionEmbeddings = Number.POSITIVE_INFINITY } = configuration;
  const maxSeqLength = explicit ?? Math.min(tokenizer.model_max_length, maxPositionEmbeddings);
  const special = countSpecialTokens((text, withSpecial) =>
    tokenizer.encode(text, { add_special_tokens: withSpecial }),
  );
  const own: SentenceTokenizer = {
    maxSeqLength,
    encode(sentence) {
      return Int32Array.from(truncate(tokenizer.encode(sentence), own.maxSeqLength, special, side));
    },
    tokens: (sentence) => describe(sentence),
    promptLength(prompt) {
      const ids = own.encode(prompt);
      return tokenizer.all_special_ids.includes(ids.at(-1)!) ? ids.length - 1 : ids.length;
    },
  };
  const describe = describeTokens(tokenizer, own.encode, special);
  return own;
}

/** What each token of a text stands for. */
function describeTokens(
  tokenizer: PreTrainedTokenizer,
  encode: (sentence: string) => Int32Array,
  special: { before: number; after: number },
): (sentence: string) => Token[] {
  const names = lazily(() => new Map([...tokenizer.get_vocab()].map(([text, id]) => [id, text])));
  return (sentence) => {
    const ids = [...encode(sentence)];
    return ids.map((id, i) => ({
      id,
      text: names().get(id) ?? '',
      special: i < special.before || i >= ids.length - special.after,
      unknown: id === tokenizer.unk_token_id,
    }));
  };
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
