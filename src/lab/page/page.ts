/** JupyterLab's page: a document that loads its script, with the configuration that the script reads. */
import { escapeHtml } from '../../text/escape-html.ts';
import type { Interface } from './interface.ts';

/** What the address asks the page to show. */
export interface PageRequest {
  workspace: string;
  /** A file or folder to open, as its path in the address. */
  tree: string;
}

/** Plugins whose partner is no part of the interface or of this server, and news from the network. */
const DISABLED = [
  '@jupyterlab/apputils-extension:announcements',
  '@jupyterlab/fileeditor-extension:language-server',
  '@jupyterlab/notebook-extension:language-server',
];

/** Where the parts of JupyterLab are, in its own words. */
const ADDRESSES = {
  appUrl: '/lab',
  treeUrl: '/lab/tree',
  settingsUrl: '/lab/api/settings',
  themesUrl: '/lab/api/themes',
  translationsApiUrl: '/lab/api/translations',
  workspacesApiUrl: '/lab/api/workspaces',
  licensesUrl: '/lab/api/licenses',
  labextensionsUrl: '/lab/extensions',
  staticUrl: '/static',
};

/**
 * The page for an address. It holds no secret: the browser's cookie is what lets it in.
 * @see https://jupyterlab.readthedocs.io/en/stable/api/modules/coreutils.PageConfig.html
 */
export function labPage({ version }: Interface, { workspace, tree }: PageRequest): string {
  const full = Object.entries(ADDRESSES).map(([name, url]) => [
    `full${name[0]!.toUpperCase()}${name.slice(1)}`,
    url,
  ]);
  const config = {
    ...ADDRESSES,
    ...Object.fromEntries(full),
    baseUrl: '/',
    appName: 'tsbert',
    appNamespace: 'lab',
    appVersion: version,
    mode: 'multiple-document',
    workspace,
    treePath: tree,
    federated_extensions: [],
    disabledExtensions: DISABLED,
    terminalsAvailable: false,
    delete_to_trash: true,
    exposeAppInBrowser: 'true',
  };
  // '<' as an escape: a path with '</script>' in it must not end the element.
  const json = JSON.stringify(config).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(config.appName)}</title>
<link rel="icon" type="image/svg+xml" class="idle favicon" href="/static/main.logo.svg">
<link rel="stylesheet" href="/static/main.css">
<script id="jupyter-config-data" type="application/json">${json}</script>
<script type="module" src="/static/main.js"></script>
</head>
<body class="jp-ThemedContainer"></body>
</html>
`;
}
