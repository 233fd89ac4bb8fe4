/** The main exercise: two models, five sentences, and how similar they are. */

import { judgeEmbeddings } from '../judges/embeddings.ts';
import { judgeModelName } from '../judges/model-name.ts';
import { judgeSimilarity } from '../judges/similarity.ts';
import type { Blank, Lesson } from '../work/finding.ts';

/** The blank for a model's name. */
function modelName(number: number, answer: string, name: string, year: string): Blank {
  return {
    number,
    answer,
    given: [],
    kind: 'text',
    task: 'put the name of the model here, between quotes. The text above says it.',
    hints: [
      'The name stands in the text above the cell. A text in code has quotes around it.',
      `It begins with '${name.slice(0, 9)}' and ends with '${name.split('-').at(-1)}'. Copy it letter by letter.`,
      `Write the name ${name} between two quotes, behind the =.`,
    ],
    solution: `const ${answer} = '${name}';`,
    reason: `A model is loaded by its name on the Hugging Face hub. ${year}`,
    judge: (value) => judgeModelName(value, name),
  };
}

const encode: Blank = {
  number: 2,
  answer: 'embeddings',
  given: ['model', 'sentences'],
  kind: 'value',
  task: 'call the method encode of model with the sentences, and wait for it with await.',
  hints: [
    'A method is called as object.method(argument). The object is model, the method encode.',
    'The argument is the whole list, sentences. It takes a moment: await stands before the call.',
    'Write await, then model.encode with sentences in its parentheses.',
  ],
  solution: 'const embeddings = await model.encode(sentences);',
  reason:
    'encode takes a list and gives back a matrix with a row for each sentence. await waits until it is there.',
  judge: judgeEmbeddings,
};

const similarity: Blank = {
  number: 3,
  answer: 'similarities',
  given: ['model', 'sentences'],
  kind: 'function',
  task: 'compare sentence i with the sentences from i on, by the function cosSim.',
  hints: [
    'cosSim takes two arguments: what is compared, and with what. One of them is row(embeddings, i).',
    'The other one is rowsFrom(embeddings, i): sentence i and those after it. row comes first.',
    'Write cosSim( ), and in its parentheses row(embeddings, i), a comma, and rowsFrom(embeddings, i).',
  ],
  solution: 'sim.setColumn(i, cosSim(row(embeddings, i), rowsFrom(embeddings, i)));',
  reason:
    'One embedding is compared with all from i on at once. The order of two sentences makes no difference, so the lower half of the matrix is enough. In Python: sim[i:, i] = cos_sim(embeddings[i], embeddings[i:])',
  judge: judgeSimilarity,
};

/** @see notebooks/source/activity.md */
export const activity: Lesson = {
  name: 'activity',
  blanks: [
    modelName(1, 'sbertName', 'bert-base-nli-mean-tokens', 'This one is the SBERT of 2019.'),
    encode,
    similarity,
    modelName(4, 'mpnetName', 'all-mpnet-base-v2', 'This one was trained on a billion pairs of sentences.'),
  ],
};
