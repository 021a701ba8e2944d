import type { IncomingMessage } from "node:http";

/** What a client puts in front of the path when it takes the server for a proxy. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;

/** The path that a request is for, still encoded, without the query. */
export function pathOf({ url = "" }: IncomingMessage): string {
  const [path = ""] = url.replace(ORIGIN, "").split("?", 1);
  return path;
}
