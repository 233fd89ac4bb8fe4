/** Functions that Node.js 20 lacks, checked against the specification's examples and, where it exists, the real one. */
import { describe, expect, it } from 'vitest';
import {
  groupIntoMap,
  groupIntoObject,
  promiseWithResolvers,
} from '../../../../src/kernel/runner/process/polyfills.ts';

describe('groupIntoMap()', () => {
  it('groups by identity, in order of appearance, and passes the index', () => {
    const groups = groupIntoMap(['a', 'b', 'c'], (item, index) => (index === 1 ? item : NaN));
    expect([...groups]).toEqual([
      [NaN, ['a', 'c']],
      ['b', ['b']],
    ]);
  });
});

describe('groupIntoObject()', () => {
  it('makes property names of the keys, and an object without prototype', () => {
    const symbol = Symbol('s');
    const groups = groupIntoObject([1, 2, 3], (n) => (n === 3 ? symbol : n));
    expect(Object.getPrototypeOf(groups)).toBeNull();
    expect(Reflect.ownKeys(groups)).toEqual(['1', '2', symbol]);
  });

  it('groups as Object.groupBy does, where there is one', () => {
    const real = (Object as { groupBy?: typeof groupIntoObject }).groupBy;
    const parity = (n: number) => (n % 2 ? 'odd' : 'even');
    expect({ ...groupIntoObject(new Set([1, 2, 3]), parity) }).toEqual({ odd: [1, 3], even: [2] });
    if (real !== undefined) expect(groupIntoObject([1, 2, 3], parity)).toEqual(real([1, 2, 3], parity));
  });
});

describe('promiseWithResolvers()', () => {
  it('gives a promise and what settles it', async () => {
    const kept = promiseWithResolvers<number>();
    const broken = promiseWithResolvers<number>();
    kept.resolve(1);
    broken.reject(new Error('no'));
    await expect(kept.promise).resolves.toBe(1);
    await expect(broken.promise).rejects.toThrow('no');
  });
});
