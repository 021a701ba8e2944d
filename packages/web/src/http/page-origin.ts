import type { BaseUrl } from "./base-url.ts";

/** What pages and browser workers have, and other runtimes do not. */
interface PageGlobals {
  readonly location?: { readonly origin: string };
  readonly origin?: string;
}

/**
 * Whether a request goes from a page to another origin, where the browser lets
 * only such headers pass as the server allows. Asked at each call, so that
 * importing and constructing read nothing.
 */
export function crossesOrigins(to: BaseUrl): boolean {
  const { location, origin } = globalThis as PageGlobals;
  // A sandboxed page has a location with an origin, and yet none of its own: "null".
  return location !== undefined && (origin ?? location.origin) !== to.origin;
}
