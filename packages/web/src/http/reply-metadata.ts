import type { Metadata } from "@vectron/core";

/** grpc-gateway puts this before the names of the gRPC headers and trailers that it passes on. */
const GATEWAY_PREFIX = /^grpc-(metadata|trailer)-/;

/** The headers of a response by name, and those of the gRPC reply behind it under their own names too. */
export function replyMetadata(headers: Headers): Metadata {
  const all = [...headers];
  const own = all.map(([name, value]) => [name.replace(GATEWAY_PREFIX, ""), value]);
  return { ...Object.fromEntries(own), ...Object.fromEntries(all) };
}
