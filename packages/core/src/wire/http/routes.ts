import { authService } from "../../gen/vectron/auth/v1/methods.ts";
import { authRoutes } from "../../gen/vectron/auth/v1/routes.ts";
import { vectronService } from "../../gen/vectron/v1/methods.ts";
import { vectronRoutes } from "../../gen/vectron/v1/routes.ts";
import type { MethodDescriptor } from "../../transport/method.ts";
import { indexByPath, type MethodIndex } from "../method-index.ts";
import type { Route } from "./route.ts";

let vectronIndex: MethodIndex<Route> | undefined;
let authIndex: MethodIndex<Route> | undefined;

/** Where a method of `VectronService` is found over HTTP; undefined if it is not served there, or not of that service. */
export function vectronRouteOf<I, O>(method: MethodDescriptor<I, O>): Route<keyof I & string> | undefined {
  vectronIndex ??= indexByPath(vectronService, vectronRoutes, (route: Route) => route);
  // The tables pair each path with a route through its request's own fields.
  return vectronIndex.get(method.path) as Route<keyof I & string> | undefined;
}

/** Where a method of `AuthService` is found over HTTP; undefined if it is not served there, or not of that service. */
export function authRouteOf<I, O>(method: MethodDescriptor<I, O>): Route<keyof I & string> | undefined {
  authIndex ??= indexByPath(authService, authRoutes, (route: Route) => route);
  return authIndex.get(method.path) as Route<keyof I & string> | undefined;
}
