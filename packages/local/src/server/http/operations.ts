import type { IncomingMessage, ServerResponse } from "node:http";
import type { Metadata } from "@vectron/core";
import { toFailure } from "../../service/failures.ts";
import type { Metrics } from "../monitor/metrics.ts";
import { sendFailure } from "./json-reply.ts";
import { requestMetadata } from "./request-metadata.ts";

/** What the routes for those who run the server need to know of it. */
export interface OperationsSurroundings {
  readonly connections: { readonly isClosing: boolean };
  /** Lets a request pass that bears what calls have to bear, or throws the `TransportFailure` that refuses it. */
  readonly authenticate: (headers: Metadata) => void;
  /** Undefined: they are not served. */
  readonly metrics: Metrics | undefined;
  /** A stock server has neither of the routes about its health. */
  readonly strictParity: boolean;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * What is asked by those who run the server, by path: whether it is up, whether it takes calls, and its metrics.
 */
export function operations(surroundings: OperationsSurroundings): ReadonlyMap<string, Answer> {
  const { metrics, connections, strictParity } = surroundings;
  const routes: [string, Answer][] = [];
  if (!strictParity) {
    routes.push(["/healthz", async (_request, response) => void response.end("ok\n")]);
    routes.push(["/readyz", async (_request, response) => sendReadiness(response, !connections.isClosing)]);
  }
  if (metrics !== undefined) {
    routes.push([
      "/metrics",
      (request, response) => sendMetrics(surroundings, metrics, { request, response }),
    ]);
  }
  return new Map(routes.map(([path, answer]) => [path, readOnly(answer)]));
}

/** The only answer to other methods than GET and HEAD. */
function readOnly(answer: Answer): Answer {
  return async (request, response) => {
    if (request.method === "GET" || request.method === "HEAD") return answer(request, response);
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
  };
}

function sendReadiness(response: ServerResponse, isReady: boolean): void {
  response.writeHead(isReady ? 200 : 503, { "Content-Type": "text/plain" });
  response.end(isReady ? "ok\n" : "shutting down\n");
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function sendMetrics(
  { authenticate }: OperationsSurroundings,
  metrics: Metrics,
  { request, response }: Exchange,
): Promise<void> {
  try {
    authenticate(requestMetadata(request.headers));
  } catch (error) {
    sendFailure(response, toFailure(error));
    return;
  }
  const text = await metrics.text();
  response.writeHead(200, { "Content-Type": metrics.contentType }).end(text);
}
