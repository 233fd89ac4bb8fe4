/** The security policies that pages are sent with: what the browser may load and run. */

/**
 * JupyterLab's own page. Nothing comes from another machine, and no script that is written into a page runs:
 * an HTML output that got past the sanitizer would be dead text.
 * - `'unsafe-eval'`: Vega and Ajv compile functions from text.
 * - `'unsafe-inline'` styles: CodeMirror, Lumino and KaTeX set styles on elements.
 * - `data:`, `blob:` pictures and frames: outputs hold their pictures, the viewer of HTML files shows a blob.
 * - `base-uri 'self'`: the viewer of HTML files gives its frame the file's own folder.
 * @param host the name and port that the browser called
 */
export function labPolicy(host: string): string {
  return [
    "default-src 'self'",
    `connect-src 'self' ws://${host}`,
    "script-src 'self' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "frame-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/**
 * Files of the notebooks' folder and exported pages: their scripts run in an origin of their own, which has no
 * cookie, and can ask nobody anything.
 */
export const FILE_POLICY =
  "sandbox allow-scripts; default-src 'none'; img-src data: blob:; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'";

/** The login page: a form and nothing else. */
export const LOGIN_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
