import type { MethodDescriptor } from "../transport/method.ts";

type Methods<S> = { readonly [K in keyof S]: MethodDescriptor<unknown, unknown> };

/** What is known of methods, by gRPC path, which any descriptor of a method has. */
export type MethodIndex<R> = ReadonlyMap<string, R>;

/**
 * The entries of a table that is keyed like a service's method descriptors,
 * each with its method. Methods without an entry are left out.
 */
export function tableEntries<S extends Methods<S>, E>(
  service: S,
  table: { readonly [K in keyof S]?: E },
): { method: S[keyof S]; entry: E }[] {
  const keys = Object.keys(service) as (keyof S)[];
  return keys.flatMap((key) => {
    const entry = table[key];
    return entry === undefined ? [] : [{ method: service[key], entry }];
  });
}

/** The same entries, converted, by path. */
export function indexByPath<S extends Methods<S>, E, R>(
  service: S,
  table: { readonly [K in keyof S]?: E },
  convert: (entry: E) => R,
): MethodIndex<R> {
  return new Map(tableEntries(service, table).map(({ method, entry }) => [method.path, convert(entry)]));
}

/**
 * What an index has of a method.
 *
 * @throws TypeError for a method that is not in it
 */
export function lookUp<R>(index: MethodIndex<R>, method: MethodDescriptor<unknown, unknown>): R {
  const found = index.get(method.path);
  if (found === undefined) throw unknownMethod(method);
  return found;
}

/** The error for a method that is in none of the tables. */
function unknownMethod(method: MethodDescriptor<unknown, unknown>): TypeError {
  return new TypeError(`${method.path} is not a method of this version of Vectron's API`);
}
