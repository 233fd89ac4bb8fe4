import { afterAll, beforeAll, describe, it } from 'vitest';
import { SentenceTransformer } from '../../src/embeddings/sentence-transformer.ts';
import { expectClose, fixture, readReference, TINY_MODELS } from './reference.ts';

for (const name of TINY_MODELS) {
  for (const weights of ['onnx', 'safetensors'] as const) {
    describe(`SentenceTransformer of ${name} from ${weights}`, () => {
      const reference = readReference(name);
      let model: SentenceTransformer;
      beforeAll(async () => {
        model = await SentenceTransformer.load(fixture(name), { weights });
      });
      afterAll(() => model.dispose());

      it('encode() equals Python on plain sentences', async () => {
        expectClose(await model.encode(reference.five.sentences), reference.five.embeddings);
      });

      it('encode() equals Python on odd sentences, one by one, too', async () => {
        expectClose(await model.encode(reference.edge.sentences), reference.edge.embeddings);
        expectClose(
          await model.encode(reference.edge.sentences, { batchSize: 1 }),
          reference.edge.embeddings,
        );
      });

      it('encode() puts a prompt first', async () => {
        expectClose(await model.encode(reference.five.sentences, { prompt: 'query: ' }), reference.prompted);
      });

      it('encode() cuts dimensions before it normalizes', async () => {
        const options = { truncateDim: 16, normalizeEmbeddings: true };
        expectClose(await model.encode(reference.five.sentences, options), reference.trunc16_norm);
      });

      it('encodeTokens() equals Python', async () => {
        const tokens = await model.encodeTokens(reference.five.sentences);
        tokens.forEach((rows, i) => {
          expectClose(rows, reference.token_embeddings_five[i]!);
        });
      });

      it('similarity() equals Python', async () => {
        const embeddings = await model.encode(reference.five.sentences);
        expectClose(model.similarity(embeddings, embeddings), reference.five.similarity);
      });
    });
  }
}
