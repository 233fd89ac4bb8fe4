/** What a notebook imports from 'tsbert'. */
export { Chart } from './charts/chart.ts';
export { SentenceMismatchError } from './charts/fitting-sentences.ts';
export { type ComparedSimilarity, compareHeatmaps, type HeatmapOptions, heatmap } from './charts/heatmap.ts';
export type { MatrixLike, TensorLike } from './charts/matrix.ts';
export { type ScatterOptions, scatter } from './charts/scatter.ts';
export type { VegaLiteSpec } from './charts/spec.ts';
export { type TokenModel, tokenHeatmap } from './charts/token-heatmap.ts';
export { type BackendChoice, describeBackend, readyBackend } from './embeddings/backend.ts';
export { ScoreRangeError } from './embeddings/compare/blocks.ts';
export { type CommunityOptions, communityDetection } from './embeddings/compare/community-detection.ts';
export type { Embeddings } from './embeddings/compare/embedding-values.ts';
export {
  type MiningOptions,
  type ParaphrasePair,
  paraphraseMining,
  paraphraseMiningEmbeddings,
} from './embeddings/compare/paraphrase-mining.ts';
export { pca } from './embeddings/compare/pca.ts';
export {
  type Precision,
  type QuantizeOptions,
  quantizeEmbeddings,
} from './embeddings/compare/quantize-embeddings.ts';
export { type SearchHit, type SearchOptions, semanticSearch } from './embeddings/compare/semantic-search.ts';
export {
  cosSim,
  dotScore,
  euclideanSim,
  manhattanSim,
  pairwiseCosSim,
  pairwiseDotScore,
  pairwiseEuclideanSim,
  pairwiseManhattanSim,
} from './embeddings/compare/similarity.ts';
export { normalizeEmbeddings, truncateEmbeddings } from './embeddings/compare/transform-embeddings.ts';
export {
  CrossEncoder,
  type CrossEncoderOptions,
  type PredictOptions,
  type RankedDocument,
  type RankOptions,
  type TextPair,
} from './embeddings/cross-encoder/cross-encoder.ts';
export { InexactWeightsError } from './embeddings/encoder/agreement.ts';
export { ModelFormatError, NaNEmbeddingError, UnsupportedModuleError } from './embeddings/errors.ts';
export { BinaryClassificationEvaluator } from './embeddings/evaluate/binary-classification.ts';
export { EmbeddingSimilarityEvaluator } from './embeddings/evaluate/embedding-similarity.ts';
export type { EvaluatedModel, EvaluationOptions, Metrics } from './embeddings/evaluate/evaluation.ts';
export {
  InformationRetrievalEvaluator,
  type RetrievalOptions,
} from './embeddings/evaluate/information-retrieval.ts';
export { TripletEvaluator, type TripletOptions } from './embeddings/evaluate/triplet.ts';
export {
  DownloadError,
  HubAccessError,
  HubAnswerError,
  HubBusyError,
  HubUnreachableError,
  ModelFolderError,
  ModelNameError,
  ModelNotFoundError,
  UnusableRepositoryError,
} from './embeddings/hub/errors.ts';
export { EmbeddingIndex, type EmbeddingIndexOptions } from './embeddings/index/embedding-index.ts';
export { IndexFileError } from './embeddings/index/errors.ts';
export { type LanceDb, LanceIndex, type LanceIndexOptions } from './embeddings/index/lance-index.ts';
export type { AddOptions, EntryId, IndexHit, VectorIndex } from './embeddings/index/vector-index.ts';
export type {
  EncodedBatch,
  NamedSentence,
  SentenceSource,
  StreamOptions,
} from './embeddings/model/encode-stream.ts';
export type { ArrayEncodeOptions, EncodeOptions, LoadOptions } from './embeddings/model/options.ts';
export { SentenceTransformer } from './embeddings/model/sentence-transformer.ts';
export type { Token } from './embeddings/model/tokenize.ts';
export { ServerAnswerError, ServerUnreachableError } from './embeddings/remote/errors.ts';
export type { ConnectOptions } from './embeddings/remote/remote-model.ts';
export { BackendMemoryError } from './embeddings/wasm-memory.ts';
export type { Dtype } from './embeddings/weights/dtype.ts';
export {
  MissingWeightsError,
  NonFiniteWeightsError,
  SafetensorsError,
  TensorMismatchError,
  UnsupportedModelError,
} from './embeddings/weights/errors.ts';
export { formatArray } from './text/format-array.ts';
