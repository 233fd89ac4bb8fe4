/** Functions that cells may use on every supported Node.js although version 20 lacks them; newer ones keep their own. */

type Key<T, K> = (item: T, index: number) => K;

/** `Map.groupBy` (ES2024). */
export function groupIntoMap<K, T>(items: Iterable<T>, key: Key<T, K>): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const name = key(item, index++);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/** `Object.groupBy` (ES2024): the result has no prototype. */
export function groupIntoObject<K extends PropertyKey, T>(
  items: Iterable<T>,
  key: Key<T, K>,
): Partial<Record<K, T[]>> {
  const asProperty: Key<T, PropertyKey> = (item, index) => {
    const name = key(item, index);
    return typeof name === 'symbol' ? name : String(name);
  };
  const groups = Object.create(null) as Record<PropertyKey, T[]>;
  for (const [name, group] of groupIntoMap(items, asProperty)) groups[name] = group;
  return groups as Partial<Record<K, T[]>>;
}

/** `Promise.withResolvers` (ES2024). */
export function promiseWithResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason?: unknown) => void;
} {
  let resolve!: (value: T | PromiseLike<T>) => void;
  let reject!: (reason?: unknown) => void;
  const promise = new Promise<T>((...settlers) => {
    [resolve, reject] = settlers;
  });
  return { promise, resolve, reject };
}

/** Puts the missing functions in place. */
export function installPolyfills(): void {
  define(Object, 'groupBy', groupIntoObject);
  define(Map, 'groupBy', groupIntoMap);
  define(Promise, 'withResolvers', promiseWithResolvers);
}

function define(owner: object, name: string, value: unknown): void {
  if (name in owner) return;
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
}
