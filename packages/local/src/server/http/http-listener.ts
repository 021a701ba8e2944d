import type { ServerResponse } from "node:http";
import type { Transport } from "@vectron/core";
import { authentication } from "../authentication.ts";
import type { ResolvedServerOptions } from "../resolve-options.ts";
import type { Connections } from "./connections.ts";
import { corsHeaders } from "./cors.ts";
import type { HttpSurroundings } from "./http-surroundings.ts";
import { JsonApi } from "./json-api.ts";
import type { HttpListener } from "./node-server.ts";
import { operations } from "./operations.ts";
import { pathOf } from "./request-path.ts";
import { RpcApi } from "./rpc-api.ts";

/** Answers the requests of every protocol, in front of one back end. */
export function httpListener(
  options: ResolvedServerOptions,
  surroundings: HttpSurroundings & { readonly connections: Connections },
  backend: Transport,
): HttpListener {
  const { strictParity, maxMessageBytes } = options;
  const cors = Object.entries(corsHeaders(strictParity));
  const json = new JsonApi(surroundings, backend, maxMessageBytes);
  const rpc = new RpcApi(surroundings, backend, maxMessageBytes);
  const authenticate = authentication(options);
  const forOperators = operations({ ...surroundings, authenticate, strictParity });
  return (request, response) => {
    const path = pathOf(request);
    const operation = forOperators.get(path);
    if (operation !== undefined && request.method !== "OPTIONS") {
      settle(operation(request, response), response);
      return;
    }
    // Not before: what is for operators is not for pages.
    for (const [name, value] of cors) response.setHeader(name, value);
    const route = rpc.find(path);
    if (request.method === "OPTIONS") response.end();
    else if (route === undefined) settle(json.serve(request, response), response);
    else settle(rpc.serve(route, request, response), response);
  };
}

/** Ends a response that could not be sent: there is nothing better to tell the client. */
function settle(served: Promise<void>, response: ServerResponse): void {
  served.catch(() => response.destroy());
}
