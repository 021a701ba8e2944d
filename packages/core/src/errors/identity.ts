/**
 * Class identity that survives two copies of this package in one program (an
 * ESM and a CommonJS build, or two versions): each class marks its prototype
 * with a symbol from the global registry, and `instanceof` looks for the mark.
 */
const MARK = Symbol.for("@vectron/core/error-class");

interface Marked {
  readonly [MARK]?: readonly string[];
}

// biome-ignore lint/complexity/noBannedTypes: any class at all
type AnyClass = Function & { prototype: object };

/** Marks `target` as the class that is known by `name`, beside the classes that it extends. */
export function markClass(target: AnyClass, name: string): void {
  const inherited = (Object.getPrototypeOf(target.prototype) as Marked | null)?.[MARK] ?? [];
  Object.defineProperty(target.prototype, MARK, { value: [...inherited, name] });
  Object.defineProperty(target.prototype, "name", { value: name, writable: true, configurable: true });
}

/** Whether `value` is an instance of `target`, or of the class of the same name in another copy. */
export function isMarkedInstance(target: AnyClass, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  // A user's own subclass has no mark of its own and is an ordinary class.
  if (!Object.hasOwn(target.prototype, MARK))
    return Object.prototype.isPrototypeOf.call(target.prototype, value);
  const names = (target.prototype as Marked)[MARK] ?? [];
  const own = names[names.length - 1];
  return own !== undefined && ((value as Marked)[MARK]?.includes(own) ?? false);
}
