/** Reads what a sentence-transformers folder says of its model: modules, lengths, prompts, similarity. */
import path from 'node:path';
import { ModelFormatError, UnsupportedModuleError } from './errors.ts';
import { type JsonObject, readJson, readJsonObject } from './json-file.ts';

/** One entry of modules.json. */
export interface ModuleReference {
  /** The name it is printed under, such as `1`. */
  readonly name: string;
  /** The class without its Python path, such as `Pooling`. */
  readonly type: string;
  /** Absolute folder of its files. */
  readonly folder: string;
}

/** What the tokenizer and the encoder are told. */
export interface TransformerConfiguration {
  /** A transformer, or a table of word vectors (StaticEmbedding). */
  readonly kind: 'transformer' | 'static';
  /** Absolute folder of the weights and of the tokenizer. */
  readonly folder: string;
  /** Longest input in tokens, special tokens included; undefined: as long as tokenizer and positions allow. */
  readonly maxSeqLength: number | undefined;
  readonly doLowerCase: boolean;
  /** Such as `bert`. */
  readonly modelType: string;
  /** The Python class that would run it, such as `BertModel`. */
  readonly className: string;
  /** Columns of its last hidden state. */
  readonly hiddenSize: number | undefined;
  /** Positions it has embeddings for. */
  readonly maxPositionEmbeddings: number | undefined;
}

const SIMILARITY_NAMES = ['cosine', 'dot', 'euclidean', 'manhattan'] as const;

/** The similarities a model can be made for. */
export type SimilarityName = (typeof SIMILARITY_NAMES)[number];

/** All that a model's folder says. */
export interface ModelConfiguration {
  readonly folder: string;
  /** In order; empty when there is no modules.json (then: mean pooling). */
  readonly modules: readonly ModuleReference[];
  readonly transformer: TransformerConfiguration;
  /** Texts to put before a sentence, by name. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly defaultPromptName: string | undefined;
  readonly similarityFnName: SimilarityName;
  readonly truncateDim: number | undefined;
}

/** The file of the transformer's settings, and its names of old. */
const TRANSFORMER_FILES = [
  'bert',
  'roberta',
  'distilbert',
  'camembert',
  'albert',
  'xlm-roberta',
  'xlnet',
].map((name) => `sentence_${name}_config.json`);

/** Classes of transformers' AutoModel; a checkpoint of another head (`RobertaForMaskedLM`) runs as these too. */
const CLASS_NAMES: Readonly<Record<string, string>> = {
  bert: 'BertModel',
  roberta: 'RobertaModel',
  'xlm-roberta': 'XLMRobertaModel',
  camembert: 'CamembertModel',
  distilbert: 'DistilBertModel',
  mpnet: 'MPNetModel',
  electra: 'ElectraModel',
  albert: 'AlbertModel',
  modernbert: 'ModernBertModel',
  nomic_bert: 'NomicBertModel',
  gte: 'GteModel',
  new: 'NewModel',
  jina_embeddings_v3: 'JinaEmbeddingsV3Model',
  eurobert: 'EuroBertModel',
  qwen2: 'Qwen2Model',
  qwen3: 'Qwen3Model',
  mistral: 'MistralModel',
  gemma3_text: 'Gemma3TextModel',
  t5: 'T5EncoderModel',
  deberta: 'DebertaModel',
  'deberta-v2': 'DebertaV2Model',
};

/**
 * Reads the configuration files of a model, of sentence-transformers 2 to 6.
 *
 * @param folder absolute path of the model
 * @throws {ModelFormatError} when a file is missing or unreadable
 * @throws {UnsupportedModuleError} when modules.json names a module which is not of sentence-transformers
 * @example const { transformer } = await readModelConfiguration('/models/all-mpnet-base-v2');
 */
export async function readModelConfiguration(folder: string): Promise<ModelConfiguration> {
  const modules = await readModules(folder);
  const first = modules.find(({ type }) => type === 'Transformer' || type === 'StaticEmbedding');
  const settings = (await readJsonObject(folder, 'config_sentence_transformers.json')) ?? {};
  return {
    folder,
    modules,
    transformer:
      first?.type === 'StaticEmbedding'
        ? staticEmbedding(first.folder)
        : await readTransformer(first?.folder ?? folder, modules.length > 0),
    prompts: readPrompts(settings.prompts),
    defaultPromptName: readString(settings.default_prompt_name),
    similarityFnName: readSimilarityName(settings.similarity_fn_name, folder),
    truncateDim: readSize(settings.truncate_dim),
  };
}

async function readModules(folder: string): Promise<ModuleReference[]> {
  const file = 'modules.json';
  const entries = await readJson(folder, file);
  if (entries === undefined) return [];
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new ModelFormatError(`${file} in ${folder} should list modules. Download the model again.`, {
      folder,
      file,
    });
  }
  return entries.map((value: JsonObject | null, index) => {
    const entry = typeof value === 'object' && value !== null ? value : {};
    const type = readString(entry.type) ?? '';
    if (!type.startsWith('sentence_transformers.')) {
      throw new UnsupportedModuleError(
        `Cannot load ${folder}: its module ${index} is '${type}', code of the model's own. ` +
          'Use a model made of sentence-transformers modules.',
        { module: type, folder },
      );
    }
    const name = typeof entry.name === 'string' ? entry.name : `${index}`;
    const subfolder = path.join(folder, readString(entry.path) ?? '');
    if (isOutside(folder, subfolder)) {
      const problem = `${file} in ${folder} names a module outside the model's folder ('${entry.path}')`;
      throw new ModelFormatError(`${problem}. Use a model whose files lie in one folder.`, { folder, file });
    }
    return { name, type: type.slice(type.lastIndexOf('.') + 1), folder: subfolder };
  });
}

function isOutside(folder: string, subfolder: string): boolean {
  const inside = path.relative(folder, subfolder);
  return path.isAbsolute(inside) || inside.split(path.sep)[0] === '..';
}

/** A table has no settings: it reads whole texts, as its tokenizer.json says. */
function staticEmbedding(folder: string): TransformerConfiguration {
  return {
    kind: 'static',
    folder,
    maxSeqLength: Number.POSITIVE_INFINITY,
    doLowerCase: false,
    modelType: 'static',
    className: 'StaticEmbedding',
    hiddenSize: undefined,
    maxPositionEmbeddings: undefined,
  };
}

async function readTransformer(folder: string, hasModules: boolean): Promise<TransformerConfiguration> {
  const config = await readJsonObject(folder, 'config.json');
  if (!config) throw missingConfig(folder, hasModules);
  const settings = await readFirst(folder, TRANSFORMER_FILES);
  const modelType = readString(config.model_type) ?? '';
  const architectures = Array.isArray(config.architectures) ? config.architectures : [];
  return {
    kind: 'transformer',
    folder,
    maxSeqLength: readSize(settings.max_seq_length),
    doLowerCase: settings.do_lower_case === true,
    modelType,
    className: CLASS_NAMES[modelType] ?? readString(architectures[0]) ?? modelType,
    hiddenSize: readSize(config.hidden_size) ?? readSize(config.dim),
    maxPositionEmbeddings: readSize(config.max_position_embeddings),
  };
}

function missingConfig(folder: string, hasModules: boolean): ModelFormatError {
  const file = 'config.json';
  const message = hasModules
    ? `${folder} has no ${file}, which names the encoder. Download the model again.`
    : `${folder} is not a model: it has neither modules.json nor ${file}. ` +
      "Give the folder that holds them, or a model's name such as 'all-mpnet-base-v2'.";
  return new ModelFormatError(message, { folder, file });
}

async function readFirst(folder: string, files: readonly string[]): Promise<JsonObject> {
  for (const file of files) {
    const settings = await readJsonObject(folder, file);
    if (settings) return settings;
  }
  return {};
}

/** Every model has the prompts `query` and `document`, empty unless it says otherwise. */
function readPrompts(value: unknown): Record<string, string> {
  const given = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const texts = given.map(([name, text]) => [name, typeof text === 'string' ? text : '']);
  return { query: '', document: '', ...Object.fromEntries(texts) };
}

function readSimilarityName(value: unknown, folder: string): SimilarityName {
  if (value === undefined || value === null) return 'cosine';
  const name = SIMILARITY_NAMES.find((known) => known === value);
  if (name) return name;
  throw new UnsupportedModuleError(
    `Cannot load ${folder}: its similarity_fn_name '${value}' is not one of ${SIMILARITY_NAMES.join(', ')}.`,
    { module: `${value}`, folder },
  );
}

function readString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readSize(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}
