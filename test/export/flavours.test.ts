/** Notebooks as others write them: nbformat 4.0 to 4.5, Colab, VS Code, Python kernels with widgets and plots. */
import { describe, expect, it } from 'vitest';
import { exportHtml } from '../../src/export/html.ts';
import { parseNotebook } from '../../src/jupyter/notebook/nbformat.ts';
import { dot } from './notebooks.ts';

type Json = Record<string, unknown>;

async function pageOf(file: Json): Promise<string> {
  return exportHtml(parseNotebook(JSON.stringify(file), 'a.ipynb'));
}

const python = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };

function outputCell(...outputs: Json[]): Json {
  return {
    cell_type: 'code',
    metadata: {},
    execution_count: 3,
    source: ['import numpy as np\n', 'np.ones(2)'],
    outputs,
  };
}

function shown(data: Json, metadata: Json = {}): Json {
  return { output_type: 'execute_result', execution_count: 3, data, metadata };
}

describe('exportHtml() of notebooks from elsewhere', () => {
  it.each([0, 1, 2, 3, 4, 5])('nbformat 4.%i', async (minor) => {
    const id = minor === 5 ? { id: 'abc' } : {};
    const cells = [
      { cell_type: 'markdown', metadata: {}, source: ['# T\n', 'text'], ...id },
      { ...outputCell({ output_type: 'stream', name: 'stdout', text: ['one\n', 'two'] }) },
    ];
    const html = await pageOf({ nbformat: 4, nbformat_minor: minor, metadata: {}, cells });
    expect(html).toContain('<title>T</title>');
    expect(html).toContain('one\ntwo</pre>');
  });

  it('a Python kernel with pandas, matplotlib and a traceback', async () => {
    const html = await pageOf({
      nbformat: 4,
      nbformat_minor: 4,
      metadata: {
        ...python,
        language_info: { name: 'python', codemirror_mode: { name: 'ipython', version: 3 } },
      },
      cells: [
        outputCell(
          shown({
            'text/plain': ['   a\n', '0  1'],
            'text/html': [
              '<div>\n<style scoped>\n .dataframe tbody tr th { color: red }\n</style>\n',
              '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>a</th></tr></thead></table></div>',
            ],
          }),
          shown(
            { 'text/plain': '<Figure size 640x480 with 1 Axes>', 'image/png': `${dot}\n` },
            { needs_background: 'light' },
          ),
          {
            output_type: 'error',
            ename: 'ValueError',
            evalue: 'x',
            traceback: ['\u001b[0;31mValueError\u001b[0m: x'],
          },
        ),
      ],
    });
    expect(html).toMatch(/<table [^>]*class="dataframe">/);
    expect(html).not.toContain('dataframe tbody tr th');
    expect(html).toContain(`src="data:image/png;base64,${dot}"`);
    expect(html).toMatch(/<span class="s\w+">ValueError<\/span>: x/);
  });

  it('Colab, with a form, an output script and its own MIME types', async () => {
    const html = await pageOf({
      nbformat: 4,
      nbformat_minor: 0,
      metadata: { colab: { provenance: [], name: 'x.ipynb' }, ...python, accelerator: 'GPU' },
      cells: [
        {
          ...outputCell(),
          metadata: { cellView: 'form', id: 'x1' },
          source: '#@title Settings\nn = 3 #@param {type:"integer"}',
        },
        outputCell(
          {
            output_type: 'display_data',
            metadata: {},
            data: {
              'application/javascript': ['google.colab.x()'],
              'text/plain': ['<IPython.core.display.Javascript object>'],
            },
          },
          shown({
            'application/vnd.google.colaboratory.intrinsic+json': { type: 'string' },
            'text/plain': ["'text'"],
          }),
        ),
      ],
    });
    expect(html).toContain('<summary>Show code</summary>');
    expect(html).toContain('Output made by a script');
    expect(html).toContain('&#39;text&#39;');
  });

  it('VS Code, without kernel language, in another language by metadata', async () => {
    const html = await pageOf({
      nbformat: 4,
      nbformat_minor: 2,
      metadata: { language_info: { name: 'rust' }, orig_nbformat: 4 },
      cells: [{ ...outputCell(), metadata: { vscode: { languageId: 'rust' } }, source: 'fn main() {}' }],
    });
    expect(html).toMatch(/<span class="s\w+">fn<\/span>/);
  });

  it('widgets: progress bars and sliders as their text', async () => {
    const html = await pageOf({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {
        ...python,
        widgets: { 'application/vnd.jupyter.widget-state+json': { state: {}, version_major: 2 } },
      },
      cells: [
        outputCell(
          shown({
            'application/vnd.jupyter.widget-view+json': { model_id: 'm' },
            'text/plain': ['  0%|          | 0/3 [00:00<?, ?it/s]'],
          }),
        ),
      ],
    });
    expect(html).toContain('0%|          | 0/3 [00:00&lt;?, ?it/s]');
    expect(html).toContain('An interactive widget, shown here as text');
  });

  it('an altair chart', async () => {
    const spec = {
      $schema: 'https://vega.github.io/schema/vega-lite/v5.20.1.json',
      config: { view: { continuousWidth: 300 } },
      data: { name: 'data-1' },
      datasets: {
        'data-1': [
          { a: 'A', b: 28 },
          { a: 'B', b: 55 },
        ],
      },
      mark: { type: 'bar' },
      encoding: { x: { field: 'a', type: 'nominal' }, y: { field: 'b', type: 'quantitative' } },
    };
    const html = await pageOf({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: python,
      cells: [
        outputCell(shown({ 'application/vnd.vegalite.v5+json': spec, 'text/plain': 'alt.Chart(...)' })),
      ],
    });
    expect(html).toContain('<figure class="chart"');
    expect(html).toMatch(/<th scope="col">a<\/th><th scope="col">b<\/th>/);
  });

  it('metadata of the wrong types', async () => {
    const cell = { ...outputCell(), metadata: { tags: 'x', jupyter: null, collapsed: 'no' } };
    const metadata = { title: 7, kernelspec: null, language_info: 'python' };
    expect(await pageOf({ nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] })).toContain('np.ones');
  });
});
