import type { TransportName } from "../clients.ts";
import type { Fault } from "../fault.ts";
import { type StreamFault, startHttp2Gateway } from "../servers/http2-gateway.ts";

/** Why faults of HTTP/2 cannot happen to `fetch` as Node has it. */
export const HTTP2_ONLY: Partial<Record<TransportName, string>> = {
  json: "HTTP/1.1 has no such frame, and Node's fetch speaks nothing else",
  connect: "HTTP/1.1 has no such frame, and Node's fetch speaks nothing else",
};

/** Puts a gateway before the server that answers the first request itself. */
export function onFirstStream(fault: StreamFault): Fault["stage"] {
  return ({ port }) => startHttp2Gateway(port, { count: 1 }, fault);
}
