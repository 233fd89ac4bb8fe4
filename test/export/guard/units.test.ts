/** Pieces of work that are left out. */
import { describe, expect, it } from 'vitest';
import { attempt, isRich, unwatched } from '../../../src/export/guard/units.ts';

describe('attempt()', () => {
  it('announces a piece, and does it', async () => {
    const begun: string[] = [];
    const units = { begin: (unit: string) => begun.push(unit), isGivenUp: () => false };
    expect(
      await attempt(
        units,
        'c1',
        () => 'done',
        () => 'left out',
      ),
    ).toBe('done');
    expect(begun).toEqual(['c1']);
  });

  it('leaves out what was given up, and what is nested too deep', async () => {
    const units = { begin: expect.unreachable, isGivenUp: () => true };
    expect(await attempt(units, 'c1', expect.unreachable, () => 'left out')).toBe('left out');
    const deep = (): string => deep();
    expect(await attempt(unwatched, 'c1', deep, () => 'left out')).toBe('left out');
  });

  it('passes other errors on', async () => {
    const failing = attempt(unwatched, 'c1', () => Promise.reject(new TypeError('no')), expect.unreachable);
    await expect(failing).rejects.toThrow(TypeError);
  });
});

describe('isRich()', () => {
  it.each([
    ['c1', false],
    ['c1 code', false],
    ['c1-0', false],
    ['c1-0 text/plain', false],
    ['c1-0 text/html', true],
    ['c1-0 application/vnd.vegalite.v5+json', true],
  ])('of %s is %s', (unit, rich) => expect(isRich(unit)).toBe(rich));
});
