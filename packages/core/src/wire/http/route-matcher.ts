import type { MethodDescriptor } from "../../transport/method.ts";
import { tableEntries } from "../method-index.ts";
import type { Route, RouteTable } from "./route.ts";

/** What a request's method and path lead to. */
export type RouteMatch<M> =
  | {
      readonly kind: "found";
      readonly method: M;
      readonly route: Route;
      /** The request's fields that the path holds, decoded. */
      readonly fields: Readonly<Record<string, string>>;
    }
  /** The path exists, but not for this HTTP method. */
  | { readonly kind: "wrong-method" }
  | { readonly kind: "not-found" }
  /** The path is not valid percent-encoded UTF-8. */
  | { readonly kind: "malformed" };

/** Finds the method that an HTTP request is for. The path is without the query string. */
export type RouteMatcher<M> = (httpMethod: string, path: string) => RouteMatch<M>;

/**
 * A matcher over one service's routes. It decodes paths as grpc-gateway does
 * by default: percent-decoded first and split on `/` after, so that no field
 * can hold a slash; empty segments count.
 */
export function routeMatcher<S extends { readonly [K in keyof S]: MethodDescriptor<unknown, unknown> }>(
  service: S,
  routes: RouteTable<S>,
): RouteMatcher<S[keyof S]> {
  const entries = tableEntries<S, Route>(service, routes);
  return (httpMethod, path) => {
    const segments = splitPath(path);
    if (segments === undefined) return { kind: "malformed" };
    let isElsewhere = false;
    for (const { method, entry: route } of entries) {
      const fields = matchPath(route, segments);
      if (fields === undefined) continue;
      if (route.httpMethod === httpMethod) return { kind: "found", method, route, fields };
      isElsewhere = true;
    }
    return { kind: isElsewhere ? "wrong-method" : "not-found" };
  };
}

function splitPath(path: string): string[] | undefined {
  try {
    return decodeURIComponent(path).replace(/^\//, "").split("/");
  } catch {
    return undefined;
  }
}

function matchPath(route: Route, segments: readonly string[]): Record<string, string> | undefined {
  if (route.path.length !== segments.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [i, expected] of route.path.entries()) {
    const segment = segments[i]!;
    if (typeof expected === "object") fields[expected.field] = segment;
    else if (expected !== segment) return undefined;
  }
  return fields;
}
