import { type ErrorCode, TransportFailure } from "@vectron/core";
import { readText } from "./read-text.ts";
import { replyMetadata } from "./reply-metadata.ts";

/**
 * What statuses mean that no server of this API has explained: they come from
 * what stands in front of it, or in its place. There 200 is a page, and 404 is
 * about the address; as NOT_FOUND it would say that a point does not exist.
 */
const CODES: Readonly<Record<number, ErrorCode>> = {
  200: "INTERNAL",
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "UNIMPLEMENTED",
  405: "UNIMPLEMENTED",
  408: "DEADLINE_EXCEEDED",
  413: "RESOURCE_EXHAUSTED",
  415: "UNIMPLEMENTED",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  504: "DEADLINE_EXCEEDED",
};

/** How large the body of an error may be to be read. Proxies' pages hold images. */
const MAX_ERROR_BYTES = 2 ** 20;

/** The body of an error as text; empty when it cannot be had. */
export function readErrorBody(response: Response): Promise<string> {
  return readText(response, MAX_ERROR_BYTES, "").catch(() => "");
}

/** What statuses are explained with. */
export interface Addressed {
  readonly endpoint: string;
  /** What to say of an address where this API is not served. */
  readonly notServed: string;
}

/** The failure that a response means which is not of this API. */
export function statusFailure(
  { status, type, headers }: Response,
  body: string,
  { endpoint, notServed }: Addressed,
): TransportFailure {
  const isRedirect = type === "opaqueredirect" || (status >= 300 && status < 400);
  const code = isRedirect ? "UNIMPLEMENTED" : (CODES[status] ?? (status > 500 ? "UNAVAILABLE" : "UNKNOWN"));
  const reasons = {
    UNIMPLEMENTED: isRedirect ? `it redirects to ${headers.get("location") ?? "another address"}` : notServed,
    // Not the body's words: by its text it is told which kind of limit it was.
    RESOURCE_EXHAUSTED: status === 413 ? "the request is too large" : "too many requests",
  };
  const reason = reasons[code as keyof typeof reasons] ?? visibleText(body);
  const answer = `${endpoint} answered HTTP ${status} with ${headers.get("content-type") || "no content type"}`;
  return new TransportFailure(code, `${answer}: ${reason}`, {
    metadata: replyMetadata(headers),
    requestSent: "unknown",
  });
}

/** The beginning of a page's text, on one line. */
function visibleText(page: string): string {
  const text = page
    .slice(0, 4096)
    .replace(/<(script|style).*?<\/\1>|<[^>]*>?/gis, " ")
    .replace(/\s+/g, " ")
    .trim();
  return text.length <= 120 ? text || "no text" : `${text.slice(0, 120)}…`;
}
