// Runs before everything else in the page: nothing can then change what all objects inherit. Freezing alone
// would also forbid every assignment to a name that is inherited, such as `point.toString = …`, which libraries
// do with objects of their own. Here such an assignment defines the object's own property, as ever.

for (const name of Reflect.ownKeys(Object.prototype)) {
  const known = Object.getOwnPropertyDescriptor(Object.prototype, name);
  if ("value" in known) {
    Object.defineProperty(Object.prototype, name, {
      get: () => known.value,
      set(value) {
        if (this === Object.prototype) {
          throw new TypeError(`What all objects inherit cannot be changed: ${String(name)}`);
        }
        Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
      enumerable: false,
      configurable: false,
    });
  }
}
Object.freeze(Object.prototype);
