/** A model that is a small table, for the tests of checks: three numbers of a text. */

/** What checks need of a tensor. */
export const tensor = (rows: number[][]) => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  dataSync: () => rows.flat(),
  arraySync: () => rows,
});

/** Its length, its vowels, and its words. */
export const embed = (text: string) => [
  text.length / 10,
  text.replace(/[^aeiou]/g, '').length,
  text.split(' ').length,
];

export const model = {
  name: 'test/model',
  standInFor: undefined as string | undefined,
  encode: async (sentences: readonly string[]) => tensor(sentences.map(embed)),
};

export const sentences = ['a cat sleeps', 'the lawyers argue about it', 'no'];

export type Tensor = ReturnType<typeof tensor>;
