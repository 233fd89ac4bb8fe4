/** Judges the blanks of the map notebook: positions in the plane, and groups of sentences. */
import { pca } from '../../embeddings/compare/pca.ts';
import { type Finding, type Given, right, wrong } from '../work/finding.ts';
import { cosine, isClose, rowsOf } from '../work/numbers.ts';

/** Relative to coordinates around 1. */
const TOLERANCE = 1e-3;

/** Whether these are the two principal components of the embeddings [n, dim]. */
export async function judgePositions(positions: unknown, { embeddings }: Given): Promise<Finding> {
  const rows = rowsOf(positions);
  const given = rowsOf(embeddings) ?? [];
  if (!rows) return wrong('These are no positions. Assign what pca gives back for the embeddings.');
  if (rows.length !== given.length || rows[0]?.length !== 2) {
    const shape = `${rows.length} × ${rows[0]?.length ?? 0}`;
    return wrong(`This is ${shape}, and a map needs ${given.length} × 2. Pass all embeddings to pca.`);
  }
  if (isClose(rows, rowsOf(pca(given)) ?? [], TOLERANCE)) {
    return right(`${rows.length} sentences have their places on the map.`);
  }
  return wrong('These are positions of other embeddings. Pass the embeddings to pca as they are.');
}

/** Whether these are groups of alike sentences: rows of the embeddings [n, dim], none of them in two groups. */
export async function judgeGroups(groups: unknown, { embeddings }: Given): Promise<Finding> {
  const rows = rowsOf(embeddings) ?? [];
  const isGroup = (group: unknown) => Array.isArray(group) && group.every((row) => rows[row as number]);
  if (!Array.isArray(groups) || !groups.every(isGroup)) {
    return wrong('These are no groups. Assign what communityDetection gives back for the embeddings.');
  }
  const members = (groups as number[][]).flat();
  if (groups.length === 0) {
    return wrong('No group was found: the threshold is too high for these sentences. Try 0.4.');
  }
  if (new Set(members).size !== members.length) {
    return wrong('A sentence is in two groups. Assign what communityDetection gives back, unchanged.');
  }
  if (groups.length === 1 && members.length > rows.length / 2) {
    return wrong('Nearly all sentences are in one group: the threshold is too low. Try 0.4.');
  }
  const nearest = Math.min(...(groups as number[][]).map((group) => leastSimilarity(group, rows)));
  if (nearest < 0.05) {
    return wrong('Sentences in a group have nothing in common. Group the embeddings of this notebook.');
  }
  return right(`${groups.length} groups, with ${members.length} of the ${rows.length} sentences.`);
}

/** The similarity of a group's centre, its first member, with the member that is farthest from it. */
function leastSimilarity(group: readonly number[], rows: readonly number[][]): number {
  const centre = rows[group[0] ?? 0] ?? [];
  return Math.min(...group.map((row) => cosine(rows[row] ?? [], centre)));
}
