import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadExportedEncoder } from '../../../src/embeddings/encoder/exported-encoder.ts';
import { loadEncoder } from '../../../src/embeddings/encoder/load-encoder.ts';
import { ModelFormatError } from '../../../src/embeddings/errors.ts';
import { DataType, GraphBuilder } from '../../../src/embeddings/graph/onnx/graph.ts';
import { createModelFolder, type ModelFolder } from '../model-folder.ts';

/** What an export in a test looks like. */
interface Export {
  readonly file?: string;
  readonly output?: string;
  readonly inputs?: readonly string[];
  /** Whether rows are summed over the sentence, as exports with pooling do. */
  readonly isPooled?: boolean;
}

/** Writes an export whose hidden state of a token is the row of its id: [id, 10 × id, −id]. */
async function writeExport(folder: ModelFolder, made: Export = {}): Promise<void> {
  const {
    file = 'onnx/model.onnx',
    output = 'last_hidden_state',
    inputs = ['attention_mask'],
    isPooled,
  } = made;
  const graph = new GraphBuilder();
  const ids = graph.input('input_ids', DataType.int64, ['batch', 'sequence']);
  for (const name of inputs) graph.input(name, DataType.int64, ['batch', 'sequence']);
  const table = Float32Array.from({ length: 30 }, (_, i) => Math.floor(i / 3) * [1, 10, -1][i % 3]!);
  const rows = graph.node('Gather', [graph.constant(table, [10, 3]), ids]);
  const shape = ['batch', 'sequence', 3];
  if (isPooled) {
    const sums = graph.node('ReduceSum', [rows, graph.int64([1])], { keepdims: 0 });
    graph.output(output, sums, DataType.float, ['batch', 3]);
  } else graph.output(output, rows, DataType.float, shape);
  const target = path.join(folder.path, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, graph.toModel({ name: 'test', version: '1' }));
}

const SENTENCES = [Int32Array.of(1, 2, 3), Int32Array.of(7)];
const ROWS = [1, 10, -1, 2, 20, -2, 3, 30, -3, 7, 70, -7];

describe('loadExportedEncoder()', () => {
  it.each<[string, Export]>([
    ['as transformers.js has it', {}],
    ['of T5, encoder_model.onnx', { file: 'onnx/encoder_model.onnx' }],
    ['beside config.json', { file: 'model.onnx' }],
    ['with an output called token_embeddings', { output: 'token_embeddings' }],
    ['with an output of any other name', { output: 'rows' }],
    ['with every input of an encoder', { inputs: ['attention_mask', 'token_type_ids', 'position_ids'] }],
  ])('runs an export %s, and finds its columns without config.json’s help', async (_title, made) => {
    await using folder = await createModelFolder();
    await folder.write('config.json', { model_type: 't5', n_embd: 3 });
    await writeExport(folder, made);
    const encoder = await loadExportedEncoder(folder.path, { dtype: 'fp32' });
    expect(encoder.hiddenSize).toBe(3);
    expect([...(await encoder.run(SENTENCES))]).toEqual(ROWS);
    expect(await encoder.run([])).toHaveLength(0);
    await encoder.dispose();
  });

  it('names the file, and what is wrong with it', async () => {
    await using folder = await createModelFolder();
    await folder.write('config.json', { model_type: 'bert' });
    const load = () => loadExportedEncoder(folder.path, { dtype: 'fp32' });
    await expect(load()).rejects.toThrow(/has no onnx\/model\.onnx\. Load it from its model\.safetensors/);
    await writeExport(folder, { inputs: ['past_key_values.0.key'] });
    await expect(load()).rejects.toThrow(
      /onnx\/model\.onnx in .* asks for the input past_key_values\.0\.key/,
    );
    await writeExport(folder, { isPooled: true, output: 'sentence_embedding' });
    await expect(load()).rejects.toThrow(/gives no row for each token: .*sentence_embedding \[1, 3\]/);
    await folder.write('onnx/model.onnx', 'short');
    await expect(load()).rejects.toThrow(
      /onnx\/model\.onnx in .* cannot be loaded \(.*Download the model again/s,
    );
    await folder.delete('onnx/model.onnx');
    await writeExport(folder, { file: 'onnx/model_quantized.onnx' });
    await expect(load()).rejects.toThrow(/There are model_quantized\.onnx: choose another dtype/);
  });

  it('answers an id beyond the table with the file’s name', async () => {
    await using folder = await createModelFolder();
    await folder.write('config.json', {});
    await writeExport(folder);
    const encoder = await loadExportedEncoder(folder.path, { dtype: 'fp32' });
    const running = encoder.run([Int32Array.of(5000)]);
    await expect(running).rejects.toThrow(/onnx\/model\.onnx in .* cannot be run \(/);
    await expect(running).rejects.toBeInstanceOf(ModelFormatError);
    expect([...(await encoder.run([Int32Array.of(7)]))]).toEqual([7, 70, -7]);
    await encoder.dispose();
  });
});

describe('loadEncoder()', () => {
  it('runs an export where there are no safetensors, or none of a known kind', async () => {
    await using folder = await createModelFolder();
    await folder.write('config.json', { model_type: 'reformer' });
    await writeExport(folder, { file: 'onnx/model_quantized.onnx' });
    const load = (dtype: 'fp32' | 'q8') =>
      loadEncoder({ kind: 'transformer', folder: folder.path }, { dtype });
    const encoder = await load('q8');
    expect([encoder.hiddenSize, encoder.dtype]).toEqual([3, 'q8']);
    await encoder.dispose();
    await expect(load('fp32')).rejects.toThrow(/There are model_quantized\.onnx: choose another dtype/);
  });
});
