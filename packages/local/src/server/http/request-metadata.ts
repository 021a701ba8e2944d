import type { IncomingHttpHeaders } from "node:http";
import type { Metadata } from "@vectron/core";

/** What grpc-gateway takes off the names of headers that are meant for the gRPC call. */
const GATEWAY_PREFIX = "grpc-metadata-";

/** Headers of the call itself that clients of the HTTP/JSON API send without that prefix. */
const CALL_HEADERS = ["authorization", "x-request-id", "traceparent", "tracestate", "baggage"];

/**
 * The headers of a request of the HTTP/JSON API that belong to its call. A stock
 * gateway drops all others too, or passes them on under names that nothing reads.
 */
export function jsonMetadata(headers: IncomingHttpHeaders): Metadata {
  const all = Object.entries(requestMetadata(headers));
  const prefixed = all
    .filter(([name]) => name.startsWith(GATEWAY_PREFIX))
    .map(([name, value]) => [name.slice(GATEWAY_PREFIX.length), value]);
  const own = all.filter(([name]) => CALL_HEADERS.includes(name));
  return Object.fromEntries([...prefixed, ...own]);
}

/** The headers of a request, as the seam has them: names in lower case, repeated ones joined. */
export function requestMetadata(headers: IncomingHttpHeaders): Metadata {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2 has the request's line in headers whose names begin with a colon.
    if (value === undefined || name.startsWith(":")) continue;
    metadata[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return metadata;
}
