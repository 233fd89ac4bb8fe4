/** Whatever global name the running Node has, a cell may use. */
import { afterAll, expect, it } from 'vitest';
import { TestNotebook } from '../../support/notebook.ts';

const notebook = new TestNotebook();
afterAll(() => notebook.dispose());

/** Of Node itself, in a process without a test runner. */
async function globalNames(): Promise<string[]> {
  const { execFileSync } = await import('node:child_process');
  const script = 'console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis)))';
  const names = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as string[];
  // Built-in modules are globals in `node -e` alone.
  const { builtinModules } = await import('node:module');
  return names.filter((name) => !builtinModules.includes(name) && /^[\p{ID_Start}$_]/u.test(name));
}

it('nodeGlobals() leaves no global of Node unknown', async () => {
  const names = await globalNames();
  expect(names).toContain('WebAssembly');
  const unknown = names.filter((name) => notebook.compile(`${name};`).diagnostics.length > 0);
  expect(unknown).toEqual([]);
});

it.each([
  [
    'WebAssembly',
    '(await WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))).instance.exports',
    {},
  ],
  ['WebAssembly.validate', 'WebAssembly.validate(new Uint8Array(3))', false],
  [
    'CryptoKey',
    "const key: CryptoKey = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);\nkey instanceof CryptoKey",
    true,
  ],
  ['Performance', 'performance instanceof Performance', true],
])('%s has its types, and works', async (_name, code, value) => {
  expect(await notebook.run(code)).toEqual(value);
});
