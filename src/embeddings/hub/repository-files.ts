/** Which of a repository's files a sentence-transformers model needs: everything else stays on the hub. */

/** One entry of `modules.json`. */
interface ModuleEntry {
  path: string;
  type: string;
}

/** The files of a model, in the order in which they are fetched, and what is not there. */
export interface FilePlan {
  /** Paths relative to the repository's root, with `/`. */
  files: string[];
  /** What the model cannot do without and the listing lacks, each as a path. */
  missing: string[];
}

/** Small files beside a transformer's weights, in the order in which sentence-transformers asks for them. */
const TRANSFORMER_FILES = [
  'sentence_bert_config.json',
  'sentence_roberta_config.json',
  'sentence_distilbert_config.json',
  'sentence_camembert_config.json',
  'sentence_albert_config.json',
  'sentence_xlm-roberta_config.json',
  'sentence_xlnet_config.json',
  'config.json',
  'tokenizer_config.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'bpe.codes',
  'sentencepiece.bpe.model',
  'spiece.model',
  'tokenizer.json',
  'added_tokens.json',
  'special_tokens_map.json',
];

/** Files at the root that describe the whole model. */
const ROOT_FILES = ['modules.json', 'config_sentence_transformers.json'];

/**
 * Files at the root without which a model may seem whole and give other numbers: the modules behind the transformer,
 * the prompts, and how much of a text is read.
 */
export const EXPECTED_FILES: readonly string[] = [...ROOT_FILES, 'sentence_bert_config.json'];

/** Modules that compute without weights: their folder holds a config.json, or nothing. */
const weightlessModules = /\.(Pooling|Normalize|Dropout)$/;

/**
 * Chooses the files to fetch from a repository's listing.
 *
 * @param listing paths of all files in the repository
 * @param modulesJson text of its modules.json; undefined when it has none (a transformer alone at the root)
 * @throws SyntaxError when modules.json is not JSON
 */
export function planFiles(listing: readonly string[], modulesJson: string | undefined): FilePlan {
  const there = new Set(listing);
  const plan: FilePlan = { files: ROOT_FILES.filter((file) => there.has(file)), missing: [] };
  for (const module of parseModules(modulesJson)) {
    if (/\.Transformer$/.test(module.type)) addTransformer(plan, there, module.path);
    else if (/\.StaticEmbedding$/.test(module.type)) addStatic(plan, there, module.path);
    else addModule(plan, there, module);
  }
  return plan;
}

/** The modules a modules.json names; without one, a transformer at the root. */
function parseModules(modulesJson: string | undefined): ModuleEntry[] {
  if (modulesJson === undefined) return [{ path: '', type: 'sentence_transformers.models.Transformer' }];
  const modules: unknown = JSON.parse(modulesJson);
  if (!Array.isArray(modules)) throw new SyntaxError('modules.json is not a list of modules');
  return modules.map((module: Partial<ModuleEntry> | null) => ({
    path: typeof module?.path === 'string' ? module.path.replace(/\/+$/, '') : '',
    type: typeof module?.type === 'string' ? module.type : '',
  }));
}

function addTransformer(plan: FilePlan, there: ReadonlySet<string>, folder: string): void {
  const at = (file: string) => (folder === '' ? file : `${folder}/${file}`);
  plan.files.push(...TRANSFORMER_FILES.map(at).filter((file) => there.has(file)));
  if (!there.has(at('config.json'))) plan.missing.push(at('config.json'));
  const tokenizers = ['tokenizer.json', 'vocab.txt', 'vocab.json', 'sentencepiece.bpe.model', 'spiece.model'];
  if (!tokenizers.some((file) => there.has(at(file)))) plan.missing.push(at('tokenizer.json'));
  addWeights(plan, there, folder);
}

/** A table of word vectors: its tokenizer and the table. */
function addStatic(plan: FilePlan, there: ReadonlySet<string>, folder: string): void {
  const tokenizer = folder === '' ? 'tokenizer.json' : `${folder}/tokenizer.json`;
  if (there.has(tokenizer)) plan.files.push(tokenizer);
  else plan.missing.push(tokenizer);
  addWeights(plan, there, folder);
}

/** A later module: its config.json, and its weights where it has any. */
function addModule(plan: FilePlan, there: ReadonlySet<string>, { path, type }: ModuleEntry): void {
  const config = `${path}/config.json`;
  if (there.has(config)) plan.files.push(config);
  else if (!/\.Normalize$/.test(type)) plan.missing.push(config);
  if (weightlessModules.test(type)) return;
  const weights = [`${path}/model.safetensors`, `${path}/pytorch_model.bin`].find((file) => there.has(file));
  if (weights !== undefined) plan.files.push(weights);
}

/** Weights: one safetensors file, else the shards that are listed, else ONNX files. */
function addWeights(plan: FilePlan, there: ReadonlySet<string>, folder: string): void {
  const prefix = folder === '' ? '' : `${folder}/`;
  if (there.has(`${prefix}model.safetensors`)) {
    plan.files.push(`${prefix}model.safetensors`);
    return;
  }
  const index = `${prefix}model.safetensors.index.json`;
  if (there.has(index)) {
    const shards = [...there].filter(
      (file) => file.startsWith(prefix) && /^model-\d+-of-\d+\.safetensors$/.test(file.slice(prefix.length)),
    );
    plan.files.push(index, ...shards.sort());
    plan.missing.push(...missingShards(shards, prefix));
    return;
  }
  const onnx = ['onnx/model.onnx', 'model.onnx'].map((file) => prefix + file).find((file) => there.has(file));
  if (onnx === undefined) {
    plan.missing.push(`${prefix}model.safetensors`);
    return;
  }
  plan.files.push(onnx, ...[`${onnx}_data`, `${onnx}.data`].filter((file) => there.has(file)));
}

/** Shards carry their count in their name: `model-00001-of-00003.safetensors`. */
function missingShards(shards: readonly string[], prefix: string): string[] {
  const count = shards[0]?.match(/-of-(\d+)\.safetensors$/)?.[1] ?? '00001';
  const names = Array.from({ length: Number(count) }, (_, i) => {
    const number = String(i + 1).padStart(count.length, '0');
    return `${prefix}model-${number}-of-${count}.safetensors`;
  });
  return names.filter((name) => !shards.includes(name));
}
