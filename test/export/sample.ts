/** A notebook with something of everything that a page can show. */
import { compareHeatmaps, heatmap } from '../../src/charts/heatmap.ts';
import type { Notebook, Output } from '../../src/jupyter/notebook/nbformat.ts';
import { activitySimilarities, sentences } from '../charts/samples.ts';
import { code, display, dot, markdown, notebook, raw, stream } from './notebooks.ts';

const bert = { sim: activitySimilarities('bert-base-nli-mean-tokens'), title: 'bert-base-nli-mean-tokens' };
const mpnet = { sim: activitySimilarities('all-mpnet-base-v2'), title: 'all-mpnet-base-v2' };

/** The bundle of a heatmap, without its PNG: that depends on the fonts of the machine. */
function chart(spec: Record<string, unknown>, text: string): Output {
  return display({ 'application/vnd.vegalite.v5+json': spec, 'text/plain': text });
}

const single = heatmap(bert.sim, { sentences, subtitle: bert.title });
const pair = compareHeatmaps([bert, mpnet], { sentences });

const introduction = `# Comparing sentence embeddings

Two models, one scale. Cosine similarity $\\cos(a,b) = \\frac{a \\cdot b}{\\lVert a \\rVert \\lVert b \\rVert}$ costs $5 or $10.[^1]

| model | dim |
|---|---:|
| BERT | 768 |

- [x] load the model
- [ ] encode

$$\\sum_{i=1}^n x_i^2$$

\`\`\`python
def f(x: int) -> str:
    return f"{x}"
\`\`\`

![a dot](attachment:dot.png) ![elsewhere](https://example.org/x.png) [a link](https://example.org/)

[^1]: A footnote.
`;

export const sample: Notebook = notebook([
  { ...markdown(introduction), cell_type: 'markdown', attachments: { 'dot.png': { 'image/png': dot } } },
  code("const sentences: string[] = ['a', 'b']; // two", [
    stream('\u001b[32mloaded\u001b[0m\n 1 %\r50 %\r100 %\n'),
    stream('a warning\n', 'stderr'),
  ]),
  markdown('## Heatmaps'),
  code('heatmap(sim, { sentences })', [chart(single.toSpec(), single.toString())]),
  markdown('##### Both models'),
  code('compareHeatmaps(models, { sentences })', [chart(pair.toSpec(), pair.toString())]),
  markdown('## Other outputs'),
  code('table', [
    display({
      'text/html':
        '<table class="dataframe"><thead><tr><th></th><th>a</th></tr></thead><tr><th>0</th><td>1</td></tr></table>',
      'text/plain': 'a',
    }),
    display({ 'image/png': dot }, { 'image/png': { width: 20, height: 20, alt: 'a red dot' } }),
    display({ 'text/latex': '$\\displaystyle \\int_0^1 x$' }),
    display({ 'application/json': { a: [1, 2] } }),
    display({
      'application/vnd.jupyter.widget-view+json': { model_id: 'x' },
      'text/plain': 'IntSlider(value=0)',
    }),
  ]),
  code('secret()', [stream('folded')], { jupyter: { source_hidden: true, outputs_hidden: true } }),
  code('removed()', [stream('removed')], { tags: ['remove-cell'] }),
  code("throw new Error('boom')", [
    {
      output_type: 'error',
      ename: 'Error',
      evalue: 'boom',
      traceback: ['\u001b[31mError: boom\u001b[0m', '    at In[9]:1:7'],
    },
  ]),
  raw('\\LaTeX only', 'text/latex'),
]);
