/** The activity's sentences and the similarities it printed (sentence-transformers 3.1.0 on torch). */

/** The five sentences, in order. */
export const activitySentences: readonly string[] = [
  'the fifty mannequin heads floating in the pool kind of freaked them out',
  'she swore she just saw her scary move',
  'he embraced his new life as an lawyer',
  'my dentist tells me that chewing bricks is very bad for your teeth',
  'the dental specialist recommended an immediate stop to flossing with construction materials',
];

/** Lower triangles [5, 1…5] by the model's id on the hub. */
export const activityFigures: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'sentence-transformers/bert-base-nli-mean-tokens': [
    [1.0],
    [0.40970904, 1.00000024],
    [0.10871316, 0.30755171, 1.0],
    [0.50074869, 0.41413638, 0.15639579, 1.00000012],
    [0.29936212, 0.35473359, 0.24160701, 0.63849497, 0.99999988],
  ],
  'sentence-transformers/all-mpnet-base-v2': [
    [1.0],
    [0.34552321, 1.0],
    [0.03474139, 0.04706889, 0.99999994],
    [0.04334457, 0.03544566, -0.05432385, 1.00000024],
    [0.053985, 0.07222687, 0.02947495, 0.51847208, 1.00000012],
  ],
};
