/** The sentences of the search and map notebooks: 240 of everyday life, twenty for each of twelve topics. */
import { readFile } from 'node:fs/promises';

/** One of them. */
export interface EverydaySentence {
  topic: string;
  sentence: string;
}

/** Reads them from the package, so that notebooks copied elsewhere find them too. @example (await everydaySentences()).length // 240 */
export async function everydaySentences(): Promise<EverydaySentence[]> {
  const file = new URL('../../notebooks/data/everyday-sentences.json', import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as EverydaySentence[];
}
