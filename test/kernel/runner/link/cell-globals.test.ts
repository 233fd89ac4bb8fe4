/** The names that cells find: what the declarations promise is what the runner gives. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RawClient, startRawClient } from '../../../support/raw-client.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startRawClient();
});
afterAll(() => client.close());

const text = readFileSync(
  new URL('../../../../src/kernel/runner/link/cell-globals.ts', import.meta.url),
  'utf8',
);
const names = [...text.matchAll(/^export declare (?:function|const) ([\w$]+)/gm)].map(([, name]) =>
  String(name),
);

it('cell-globals.ts declares what the runner puts on the global object', async () => {
  expect(names).toContain('display');
  const code = `${JSON.stringify(names)}.filter((name) => !(name in globalThis)).join()`;
  const { result, reply } = await client.execute(code);
  expect(reply.content.status).toBe('ok');
  expect(result).toBe("''");
});

it('cell-globals.ts has no imports, since cells get its text as it is', () => {
  expect(text).not.toMatch(/^import /m);
});
