import type { MethodDescriptor } from "../transport/method.ts";

type Methods<S> = { readonly [K in keyof S]: MethodDescriptor<unknown, unknown> };

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

/** The same entries by gRPC path, which any descriptor of the method has. */
export function indexByPath<S extends Methods<S>, E, R>(
  service: S,
  table: { readonly [K in keyof S]?: E },
  convert: (entry: E) => R,
): [path: string, R][] {
  return tableEntries(service, table).map(({ method, entry }) => [method.path, convert(entry)]);
}

/** The error for a method that is in none of the tables. */
export function unknownMethod(method: MethodDescriptor<unknown, unknown>): TypeError {
  return new TypeError(`${method.path} is not a method of this version of Vectron's API`);
}
