/** What is installed with the package, and under which licences: a new one is a decision, not an accident. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
}

const root = new URL('../../', import.meta.url);
const read = (name: string) => readFileSync(fileURLToPath(new URL(name, root)), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
const environment = read('environment.md');

/** Licences that ask for their text and a notice only. */
const PERMISSIVE = [
  '0BSD',
  'Apache 2.0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Licences that ask for more of who changes the package itself: those of these packages, which are used as they come. */
const WEAK_COPYLEFT: Record<string, readonly string[]> = {
  'MPL-2.0': ['@resvg/resvg-js', 'zeromq'],
  'LGPL-3.0-or-later': ['@img/sharp'],
};

const installed = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && !dev)
  .map(([path, { license }]) => ({
    name: path.replace(/^.*node_modules\//, ''),
    license: license ?? 'none',
  }));

/** The licences of an expression, of which an `OR` leaves the choice. */
function isAllowed(name: string, expression: string): boolean {
  const plain = expression.replace(/[()]/g, '');
  if (/ OR /.test(plain)) return plain.split(' OR ').some((part) => isAllowed(name, part));
  return plain.split(' AND ').every((licence) => {
    const exceptions = WEAK_COPYLEFT[licence] ?? [];
    return PERMISSIVE.includes(licence) || exceptions.some((prefix) => name.startsWith(prefix));
  });
}

describe('package-lock.json', () => {
  it('installs nothing under a licence that was not decided on', () => {
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(({ name, license }) => !isAllowed(name, license))).toEqual([]);
  });

  it('would tell one', () => {
    for (const licence of ['GPL-3.0', 'AGPL-3.0-only', 'SSPL-1.0', 'none', 'UNLICENSED', 'MIT AND GPL-2.0']) {
      expect(isAllowed('new-package', licence)).toBe(false);
    }
    expect(isAllowed('new-package', 'MPL-2.0')).toBe(false);
    expect(isAllowed('dompurify', '(MPL-2.0 OR Apache-2.0)')).toBe(true);
  });

  it('is told in environment.md, licence by licence', () => {
    for (const licence of [...Object.keys(WEAK_COPYLEFT), 'MIT', 'ISC', 'Apache-2.0', 'BSD']) {
      expect(environment).toContain(licence);
    }
    for (const prefix of Object.values(WEAK_COPYLEFT).flat()) expect(environment).toContain(`\`${prefix}`);
  });
});
