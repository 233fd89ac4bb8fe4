/** The page's style sheet: light and dark, screen and print. */
import { chartFont } from '../charts/theme.ts';

const tokens = {
  light: `--page:#fff;--ink:#1f2328;--muted:#59636e;--line:#d8dee4;--soft:#f6f8fa;--link:#0a58ca;--warn:#fff8e1;--warn-line:#d9a900;--bad:#ffeeee;--bad-line:#d1242f;--bad-ink:#a40e26;color-scheme:light`,
  dark: `--page:#0f1216;--ink:#e6e9ed;--muted:#9aa4af;--line:#2d333b;--soft:#191e24;--link:#7ab7ff;--warn:#2a2413;--warn-line:#a67c00;--bad:#331618;--bad-line:#f85149;--bad-ink:#ff9b95;color-scheme:dark`,
};

/** Rules for the charts of a live page and their tooltips. */
export const LIVE_STYLE = `
.is-live>:not(.live){display:none}
#vg-tooltip-element{visibility:hidden;position:fixed;z-index:3;max-width:26rem;padding:.5rem .7rem;background:var(--page);color:var(--ink);border:1px solid var(--line);border-radius:6px;box-shadow:0 2px 10px rgb(0 0 0/.18);font-size:.8125rem;line-height:1.4}
#vg-tooltip-element.visible{visibility:visible}
#vg-tooltip-element td{padding:.1rem .3rem;border:0;vertical-align:top;max-width:18rem}
#vg-tooltip-element td.key{color:var(--muted);text-align:right;white-space:nowrap}
`.replace(/\n/g, '');

/** Rules that a page with editable heatmaps adds. */
export const INTERACTIVE_STYLE = `
.is-tried>.scroll,.is-tried>.values{display:none}
.playground{margin:.5rem 0 0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:8px}
.playground .about{margin:.25em 0;color:var(--muted);font-size:.875rem}
.playground ol{margin:.5em 0;padding-left:2rem}
.playground li{margin:.25em 0;padding-left:.25rem}
.playground textarea{font:inherit;width:calc(100% - 2.75rem);vertical-align:middle;padding:.3em .5em;color:var(--ink);background:var(--page);border:1px solid var(--line);border-radius:6px;resize:vertical;field-sizing:content;min-height:2.2em;max-height:12em}
.playground button{font:inherit;padding:.25em .75em;color:var(--ink);background:var(--soft);border:1px solid var(--line);border-radius:6px;cursor:pointer}
.playground li button{padding:.2em .6em;margin-left:.4rem;vertical-align:middle}
.playground button:disabled{color:var(--muted);cursor:default}
.playground .buttons{margin:.5em 0;display:flex;gap:.5rem}
.playground .status{margin:.25em 0;min-height:1.6em;color:var(--muted);font-size:.8125rem}
@media print{.playground{border:0;padding:0}.playground :is(.about,ol,.buttons,.status){display:none}}
`.replace(/\n/g, '');

/** Rules for everything but the colours of code and charts, which the page collects as it is made. */
export const PAGE_STYLE = `
:root{${tokens.light}}
@media screen and (prefers-color-scheme:dark){:root{${tokens.dark}}}
*,::before,::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
.page{max-width:52rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
a{color:var(--link);text-underline-offset:.15em}
a:hover{text-decoration-thickness:.12em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-100vw;top:.5rem;padding:.4rem .8rem;background:var(--page);border:1px solid var(--line);border-radius:6px;z-index:2}
.skip:focus{left:.5rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.about{color:var(--muted);font-size:.875rem;margin:0 0 1.5rem}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.8em 0 .6em;text-wrap:balance;scroll-margin-top:1rem}
h1{font-size:2rem;letter-spacing:-.01em;margin-top:.4em}
h2{font-size:1.45rem}h3{font-size:1.2rem}h4{font-size:1.05rem}h5,h6{font-size:1rem;color:var(--muted)}
p,ul,ol,dl,blockquote{margin:.75em 0}
li>p{margin:.35em 0}
li[data-task]{list-style:none}
li[data-task] input{margin:0 .35em 0 -1.4em;accent-color:var(--link)}
blockquote{margin-inline:0;padding-left:1em;border-left:3px solid var(--line);color:var(--muted)}
hr{border:0;border-top:1px solid var(--line);margin:2em 0}
img,video,svg{max-width:100%}
img{height:auto}
.picture{margin:.5em 0}
code,pre,kbd,samp{font-family:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em}
:not(pre)>code{background:var(--soft);padding:.15em .35em;border-radius:4px}
pre{margin:.5em 0;overflow-x:auto;font-size:.84rem;line-height:1.5;tab-size:4}
pre code{font-size:inherit}
.code{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem}
.tex{color:var(--muted)}
.math{overflow-x:auto;margin:.75em 0;text-align:center}
math{font-size:1.08em}
table{border:0;border-collapse:collapse;font-size:.9375em;font-variant-numeric:tabular-nums}
th,td{padding:.4em .9em;border:0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{color:var(--muted);font-weight:600}
[data-align=right]{text-align:right}[data-align=center]{text-align:center}
table.dataframe th,table.dataframe td{text-align:right}
.scroll{overflow-x:auto;margin:.75em 0}
section[data-footnotes]{font-size:.875em;color:var(--muted);border-top:1px solid var(--line);margin-top:2em}
summary{cursor:pointer;color:var(--muted);font-size:.9375rem;padding:.15em 0;width:fit-content}
summary:hover{color:var(--ink)}
.toc{margin:0 0 1rem;font-size:.9375rem}
.toc ol{list-style:none;margin:.4em 0;padding:0}
.toc li{margin:.2em 0}
.toc .l2{padding-left:1rem}.toc .l3{padding-left:2rem}.toc .l4,.toc .l5,.toc .l6{padding-left:3rem}
.toc a{color:var(--muted);text-decoration:none}
.toc a:hover{color:var(--link);text-decoration:underline}
.cell{position:relative;margin:1.1rem 0}
.cell>:first-child{margin-top:0}
.markdown>:first-child{margin-top:0}
.cell h1:first-child,.cell h2:first-child,.cell h3:first-child{margin-top:1.2em}
.count{color:var(--muted);font:.75rem/1.5 ui-monospace,Menlo,Consolas,monospace;user-select:none}
.out{margin-top:.5rem;display:flow-root}
.stream,.result,.traceback{padding:0 1rem}
.stream{white-space:pre-wrap;overflow-wrap:anywhere}
.stderr,.error{border-radius:8px;padding:.5rem 0;margin:.5em 0;border-left:4px solid var(--warn-line);background:var(--warn);position:relative}
.stderr pre,.error pre{margin:0}
.error{border-color:var(--bad-line);background:var(--bad)}
.error>pre{color:var(--bad-ink);white-space:pre-wrap;overflow-wrap:anywhere}
.tag{position:absolute;right:.6rem;top:.25rem;font-size:.6875rem;color:var(--muted);user-select:none;letter-spacing:.03em}
.note{color:var(--muted);font-size:.875rem;font-style:italic;margin:.4em 1rem}
.html{contain:paint;overflow-x:auto;padding:.25rem 0}
.chart{margin:1rem 0}
.chart svg{display:block;height:auto;font-family:${chartFont}}
.narrow{display:none}
.values table{font-size:.8125rem}
footer{border-top:1px solid var(--line);margin-top:3rem;padding-top:1rem;color:var(--muted);font-size:.8125rem}
footer p{margin:0}
.only-dark{display:none}
@media screen and (prefers-color-scheme:dark){.only-dark{display:block}.only-light{display:none}
.paper{background:#fff;color:#1f2328;border-radius:8px;padding:.75rem;width:fit-content;max-width:100%;--ink:#1f2328;--muted:#59636e;--line:#d8dee4;--link:#0a58ca;--soft:#f6f8fa;color-scheme:light}}
@media (min-width:45rem){.page{padding-inline:4rem;max-width:57.5rem}.count{position:absolute;left:-3.5rem;top:.85rem;width:2.75rem;text-align:right}.with-toc>nav{padding-inline:4rem}}
@media screen and (max-width:44.99rem){.wide{display:none}.narrow{display:block}}
@media (max-width:44.99rem){.count{margin-bottom:.15rem}}
@media (min-width:86rem){.with-toc{display:grid;grid-template-columns:15rem minmax(0,57.5rem) 11rem;justify-content:center}
.with-toc>nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:2.6rem 0 1rem}
.with-toc .page{margin:0;width:100%}
.toc{margin:0}.toc summary{display:none}.toc::details-content{content-visibility:visible;display:block;height:auto}}
@media (max-width:85.99rem){.with-toc>nav{max-width:57.5rem;margin:0 auto;padding-block:1.25rem 0}.with-toc .page{padding-top:0}}
@media (max-width:44.99rem){.with-toc>nav{padding-inline:1rem}h1{font-size:1.6rem}.page{padding-inline:1rem}pre.traceback,pre.code{white-space:pre-wrap;overflow-wrap:anywhere}.stream,.result,.traceback{padding-inline:.5rem}}
@page{margin:16mm 15mm}
@media print{body{font-size:10.5pt}.page{max-width:none;padding:0}.skip,nav,.values,.toc{display:none}pre{white-space:pre-wrap;overflow-wrap:anywhere}.chart,figure,img,tr,.error,.code,table:not(:has(tr:nth-child(20))){break-inside:avoid}p,li{orphans:3;widows:3}.chart svg{max-height:20cm;width:auto}h1,h2,h3,h4{break-after:avoid}a{color:inherit}.html,.scroll,pre{overflow:visible}.count{position:static}}
`.replace(/\n/g, '');
