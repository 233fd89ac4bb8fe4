/** The variables of a notebook: one object for all cells, which knows when a name has no value yet. */

export type Scope = Record<string, unknown>;

/**
 * Makes the object. Reading a name without a value throws, as it does for a plain variable; the reads of names that
 * have one stay as fast as any property, because only a miss reaches the prototype.
 */
export function createScope(): Scope {
  const missing = new Proxy(Object.create(null) as object, {
    get: (_target, name) => {
      if (typeof name === 'symbol') return undefined;
      throw new ReferenceError(
        `${name} has no value yet: the cell that declares it did not get that far. Run that cell again.`,
      );
    },
  });
  return Object.create(missing) as Scope;
}

/** Binds a name to a place elsewhere, as imports do; declaring the name again replaces the binding. */
export function bindLive(scope: Scope, name: string, read: () => unknown): void {
  const property = { configurable: true, enumerable: true };
  Object.defineProperty(scope, name, {
    ...property,
    get: read,
    set: (value: unknown) => {
      Object.defineProperty(scope, name, { ...property, value, writable: true });
    },
  });
}
