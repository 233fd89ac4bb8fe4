/** The small models that come with the package, and the models they stand in for where there is no network. */
import { fileURLToPath } from 'node:url';

/** A model in the package's `models/` folder. */
export interface BundledModel {
  /** The name it is loaded by and shown under. */
  id: string;
  /** The real model in whose place it may be taken. */
  standsInFor: string;
  /** Absolute path of its folder (sentence-transformers layout). */
  folder: string;
}

/** Absolute path of a folder in the package's `models/`: the same distance from src/ and from dist/. */
function bundledFolder(name: string): string {
  return fileURLToPath(new URL(`../../../models/${name}`, import.meta.url));
}

/** All bundled models. */
export const bundledModels: readonly BundledModel[] = [
  {
    id: 'tsbert/mini-bert-mean-tokens',
    standsInFor: 'sentence-transformers/bert-base-nli-mean-tokens',
    folder: bundledFolder('mini-bert-mean-tokens'),
  },
  {
    id: 'tsbert/mini-mpnet',
    standsInFor: 'sentence-transformers/all-mpnet-base-v2',
    folder: bundledFolder('mini-mpnet'),
  },
];

/** The bundled model of that id, if there is one. */
export function findBundled(id: string): BundledModel | undefined {
  return bundledModels.find((model) => model.id === id);
}

/** The bundled model that may stand in for a model of the hub, if there is one. */
export function findStandIn(hubId: string): BundledModel | undefined {
  return bundledModels.find((model) => model.standsInFor.toLowerCase() === hubId.toLowerCase());
}
