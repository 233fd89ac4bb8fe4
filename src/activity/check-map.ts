/** Checks the blanks of the map notebook: positions in the plane, and groups of sentences. */
import { pca } from '../embeddings/compare/pca.ts';
import { isBlank, recordVerdict } from './blanks.ts';
import { cosine, isClose, rowsOf } from './numbers.ts';
import { Verdict } from './shown.ts';

/** Relative to coordinates around 1. */
const TOLERANCE = 1e-3;

/** Whether these are the two principal components of the embeddings [n, dim]. */
export function checkPositions(blank: number, positions: unknown, embeddings: unknown): Verdict {
  return recordVerdict(blank, judgePositions(blank, positions, embeddings));
}

function judgePositions(blank: number, positions: unknown, embeddings: unknown): Verdict {
  if (isBlank(positions)) {
    return new Verdict(
      'open',
      `Blank ${blank}: call pca with the embeddings, in place of '...' (quotes included).`,
    );
  }
  const rows = rowsOf(positions);
  const given = rowsOf(embeddings) ?? [];
  if (!rows)
    return new Verdict('wrong', 'These are no positions. Assign what pca gives back for the embeddings.');
  if (rows.length !== given.length || rows[0]?.length !== 2) {
    const shape = `${rows.length} × ${rows[0]?.length ?? 0}`;
    return new Verdict(
      'wrong',
      `This is ${shape}, and a map needs ${given.length} × 2. Pass all embeddings to pca.`,
    );
  }
  if (isClose(rows, rowsOf(pca(given)) ?? [], TOLERANCE)) {
    return new Verdict('right', `${rows.length} sentences have their places on the map.`);
  }
  return new Verdict(
    'wrong',
    'These are positions of other embeddings. Pass the embeddings to pca as they are.',
  );
}

/** Whether these are groups of alike sentences: rows of the embeddings [n, dim], none of them in two groups. */
export function checkGroups(blank: number, groups: unknown, embeddings: unknown): Verdict {
  return recordVerdict(blank, judgeGroups(blank, groups, embeddings));
}

function judgeGroups(blank: number, groups: unknown, embeddings: unknown): Verdict {
  if (isBlank(groups)) {
    return new Verdict(
      'open',
      `Blank ${blank}: call communityDetection with the embeddings and { threshold: 0.4, minCommunitySize: 4 }, in place of '...' (quotes included).`,
    );
  }
  const rows = rowsOf(embeddings) ?? [];
  const isGroup = (group: unknown) => Array.isArray(group) && group.every((row) => rows[row as number]);
  if (!Array.isArray(groups) || !groups.every(isGroup)) {
    return new Verdict(
      'wrong',
      'These are no groups. Assign what communityDetection gives back for the embeddings.',
    );
  }
  const members = (groups as number[][]).flat();
  if (groups.length === 0) {
    return new Verdict(
      'wrong',
      'No group was found: the threshold is too high for these sentences. Try 0.4.',
    );
  }
  if (new Set(members).size !== members.length) {
    return new Verdict(
      'wrong',
      'A sentence is in two groups. Assign what communityDetection gives back, unchanged.',
    );
  }
  if (groups.length === 1 && members.length > rows.length / 2) {
    return new Verdict('wrong', 'Nearly all sentences are in one group: the threshold is too low. Try 0.4.');
  }
  const nearest = Math.min(...(groups as number[][]).map((group) => leastSimilarity(group, rows)));
  if (nearest < 0.05) {
    return new Verdict(
      'wrong',
      'Sentences in a group have nothing in common. Group the embeddings of this notebook.',
    );
  }
  return new Verdict(
    'right',
    `${groups.length} groups, with ${members.length} of the ${rows.length} sentences.`,
  );
}

/** The similarity of a group's centre, its first member, with the member that is farthest from it. */
function leastSimilarity(group: readonly number[], rows: readonly number[][]): number {
  const centre = rows[group[0] ?? 0] ?? [];
  return Math.min(...group.map((row) => cosine(rows[row] ?? [], centre)));
}
