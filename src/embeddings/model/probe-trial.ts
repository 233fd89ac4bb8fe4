/** The sentences by which 8 bits are compared with float32 when a model is loaded. */
import type { Trial } from '../encoder/agreement.ts';
import type { LoadedModules } from '../modules/load.ts';
import type { SentenceTokenizer } from './tokenize.ts';

/** Everyday sentences, short and long, in several languages and scripts, and some that nobody would call a sentence. */
const PROBES: readonly string[] = [
  'The weather is lovely today, so we went for a walk along the river.',
  'He drove to the stadium.',
  'What is the capital of France?',
  'My flight was cancelled and nobody at the counter could tell me when the next one leaves!',
  'Die Katze schläft auf dem warmen Fensterbrett.',
  'Le train pour Paris part à huit heures du matin.',
  '¿Cuánto cuesta una noche en este hotel?',
  'A reunião foi adiada para a próxima semana.',
  'Сегодня весь день идёт дождь.',
  '今天天气很好，我们去公园散步。',
  '今日はとても寒いです。',
  'الطقس جميل اليوم.',
  'आज मौसम बहुत अच्छा है।',
  'Hello',
  '42',
  '?!',
  'Prices rose by 3.5 % in 2023 (see table 4), while wages fell; compare https://example.org/report.',
  'for (let i = 0; i < rows.length; i++) total += rows[i] * weights[i];',
  'Models of language map sentences to vectors, so that similar meanings lie close together and the distance between ' +
    'them can be measured. In practice one compares the cosine of two embeddings with a threshold that was chosen on ' +
    'examples. Long texts are cut: what lies beyond the last token that a model reads has no influence on its embedding.',
];

/** @returns the trial of a whole model: its own tokens, and its embeddings after all of its modules */
export function probeTrial(tokenizer: SentenceTokenizer, { pooling, rest }: LoadedModules): Trial {
  return {
    sentences: PROBES.map((sentence) => tokenizer.encode(sentence)),
    embed(rows, lengths) {
      // A copy, for a module may change what it is given.
      const pooled = pooling.apply(rows.slice(), lengths, 0);
      return rest.reduce((embeddings, module) => module.apply(embeddings, lengths.length), pooled);
    },
  };
}
