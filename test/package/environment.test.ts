/** environment.md tells the truth about package.json, about the code's environment variables and the bundled models. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundledModels } from '../../src/embeddings/hub/bundled.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(join(root, 'environment.md'), 'utf8');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('environment.md', () => {
  const dependencies = { ...manifest.dependencies, ...manifest.optionalDependencies };

  it.each(Object.entries<string>(dependencies))('names %s %s', (name, version) => {
    expect(text).toContain(`| \`${name}\` | ${version} |`);
  });

  it('names no package that is not installed', () => {
    const rows = [...text.matchAll(/^\| `([^`]+)` \| \d/gm)].map(([, name]) => name);
    expect(rows.filter((name) => !(name! in dependencies))).toEqual([]);
  });

  it('names every TSBERT_ and HF_ variable that the code reads', () => {
    const folder = join(root, 'src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const variables = new Set(
      files.flatMap(
        (file) => readFileSync(join(folder, file), 'utf8').match(/\benv\.(TSBERT|HF)_[A-Z_]+/g) ?? [],
      ),
    );
    const unnamed = [...variables].filter((variable) => !text.includes(variable.replace('env.', '')));
    expect(unnamed).toEqual([]);
  });

  it('names the bundled models and what they stand in for', () => {
    for (const { id, standsInFor } of bundledModels)
      expect(text).toContain(`| \`${standsInFor}\` | \`${id}\` |`);
  });
});
