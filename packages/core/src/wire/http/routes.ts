import { authService } from "../../gen/vectron/auth/v1/methods.ts";
import { authRoutes } from "../../gen/vectron/auth/v1/routes.ts";
import { vectronService } from "../../gen/vectron/v1/methods.ts";
import { vectronRoutes } from "../../gen/vectron/v1/routes.ts";
import type { MethodDescriptor } from "../../transport/method.ts";
import { indexByPath } from "../method-index.ts";
import type { Route } from "./route.ts";

let routes: ReadonlyMap<string, Route> | undefined;

/** Where a method is found over HTTP; undefined if it is not served there. */
export function routeOf<I, O>(method: MethodDescriptor<I, O>): Route<keyof I & string> | undefined {
  routes ??= new Map([
    ...indexByPath(vectronService, vectronRoutes, (route: Route) => route),
    ...indexByPath(authService, authRoutes, (route: Route) => route),
  ]);
  // The tables pair each path with a route through its request's own fields.
  return routes.get(method.path) as Route<keyof I & string> | undefined;
}
