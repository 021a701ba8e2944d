import type { ServerResponse } from "node:http";
import type { Transport } from "@vectron/core";
import type { CallGuard } from "../call-guard.ts";
import type { ResolvedServerOptions } from "../resolve-options.ts";
import { corsHeaders } from "./cors.ts";
import { JsonApi } from "./json-api.ts";
import type { HttpListener } from "./node-server.ts";
import { pathOf } from "./request-path.ts";
import { RpcApi } from "./rpc-api.ts";

/** Answers 200 when the server is up. A stock server has no such thing. */
const HEALTH_PATH = "/healthz";

/** Answers the requests of every protocol, in front of one back end. */
export function httpListener(
  { strictParity, maxMessageBytes }: ResolvedServerOptions,
  guard: CallGuard,
  backend: Transport,
): HttpListener {
  const cors = Object.entries(corsHeaders(strictParity));
  const json = new JsonApi(guard, backend, maxMessageBytes);
  const rpc = new RpcApi(guard, backend, maxMessageBytes);
  return (request, response) => {
    for (const [name, value] of cors) response.setHeader(name, value);
    const path = pathOf(request);
    const route = rpc.find(path);
    if (request.method === "OPTIONS" || (path === HEALTH_PATH && !strictParity)) response.end();
    else if (route === undefined) settle(json.serve(request, response), response);
    else settle(rpc.serve(route, request, response), response);
  };
}

/** Ends a response that could not be sent: there is nothing better to tell the client. */
function settle(served: Promise<void>, response: ServerResponse): void {
  served.catch(() => response.destroy());
}
