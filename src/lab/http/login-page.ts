/** The pages in front of JupyterLab: one that asks for the password, and one that leads on with the cookie. */
import { escapeHtml } from '../../text/escape-html.ts';

/** The form. @param problem why an earlier try failed */
export function loginPage(problem = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>tsbert</title>
<style>body{font:16px system-ui;max-width:22rem;margin:20vh auto;padding:0 1rem}input,button{font:inherit;padding:.4rem}</style>
</head>
<body>
<h1>tsbert</h1>
<form method="post" action="/login">
<p><label>Password <input name="password" type="password" autofocus required autocomplete="current-password"></label>
<button>Log in</button></p>
<p role="alert">${escapeHtml(problem)}</p>
</form>
</body>
</html>
`;
}

/** Leads on to an address of this server. */
export function onwardPage(address: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0;url=${escapeHtml(address)}">
<title>tsbert</title>
</head>
<body></body>
</html>
`;
}
