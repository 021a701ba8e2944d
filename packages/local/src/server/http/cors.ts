import { cors as connectCors } from "@connectrpc/connect";

const STOCK_ALLOWED = [
  "Accept",
  "Authorization",
  "Content-Type",
  "Content-Length",
  "X-CSRF-Token",
  "X-API-Key",
];

type HeaderRecord = Readonly<Record<string, string>>;

const STOCK: HeaderRecord = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS, PATCH",
  "Access-Control-Allow-Headers": STOCK_ALLOWED.join(", "),
  "Access-Control-Allow-Credentials": "true",
};

/** What clients send beside the headers of a protocol, and a stock server's rule forbids them. */
const CLIENT_HEADERS = [
  "Grpc-Timeout",
  "X-Request-Id",
  "Traceparent",
  "Tracestate",
  "Baggage",
  "User-Agent",
  "Grpc-Encoding",
  "Grpc-Accept-Encoding",
];

/** What clients read of an answer beside the headers of a protocol. */
const REPLY_HEADERS = ["Retry-After", "Grpc-Retry-Pushback-Ms", "X-Request-Id"];

/** Whatever else users send: the `headers` of a client or a call. Does not stand for Authorization. */
const ANY_HEADER = ["*"];

const OPEN: HeaderRecord = {
  ...STOCK,
  // With the names too, for browsers that do not know the star, and credentials rule it out.
  "Access-Control-Allow-Headers": list(STOCK_ALLOWED, CLIENT_HEADERS, connectCors.allowedHeaders, ANY_HEADER),
  "Access-Control-Expose-Headers": list(REPLY_HEADERS, connectCors.exposedHeaders),
  // As long as any browser remembers it: without, each call costs a request more.
  "Access-Control-Max-Age": "7200",
};

/** The headers of every response, which let pages of other origins use the server. */
export function corsHeaders(strictParity: boolean): HeaderRecord {
  return strictParity ? STOCK : OPEN;
}

/** Names in one header, each once, whatever its case. */
function list(...groups: readonly (readonly string[])[]): string {
  const names = new Map(groups.flat().map((name) => [name.toLowerCase(), name]));
  return [...names.values()].join(", ");
}
