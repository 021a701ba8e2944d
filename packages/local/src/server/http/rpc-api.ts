import type { IncomingMessage, ServerResponse } from "node:http";
import { createConnectRouter, createContextValues } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerRequest } from "@connectrpc/connect/protocol";
import { compressionGzip, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { Transport } from "@vectron/core";
import { toFailure } from "../../service/failures.ts";
import type { CallGuard } from "../call-guard.ts";
import { type AnyMethod, METHODS } from "../methods.ts";
import type { CallMonitor, OpenCall, Protocol } from "../monitor/call-monitor.ts";
import type { ApiSurroundings } from "./json-api.ts";
import { abortOnClose } from "./pending-call.ts";
import { bodyChunks } from "./request-body.ts";
import { requestMetadata } from "./request-metadata.ts";
import { addMethod, OPEN_CALL, toConnectError } from "./rpc-method.ts";
import { watchReply } from "./rpc-outcome.ts";

/** Only what is binary: in JSON, connect-node would read each message as the empty envelope that it is to protobuf-es. */
const BINARY = /^application\/(?:proto|connect\+proto|grpc-web(?:\+proto)?)$/i;
const BINARY_TYPES = "application/proto, application/connect+proto, application/grpc-web+proto";

/** More than any reply has: vectors hardly shrink, and browsers always say that they accept gzip. */
const NEVER_COMPRESS_BYTES = 2 ** 32 - 1;

/** With a longer one, connect-node's timer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A method, and what speaks Connect and gRPC-Web for it. */
export interface RpcRoute {
  readonly method: AnyMethod;
  readonly handler: UniversalHandler;
}

/** Connect and gRPC-Web in front of a back end. */
export class RpcApi {
  readonly #guard: CallGuard;
  readonly #monitor: CallMonitor;
  readonly #routes: ReadonlyMap<string, RpcRoute>;

  constructor({ guard, monitor }: ApiSurroundings, backend: Transport, maxBytes: number) {
    this.#guard = guard;
    this.#monitor = monitor;
    this.#routes = routesOf(backend, maxBytes);
  }

  /** The method that has this path, if any has. */
  find(path: string): RpcRoute | undefined {
    return this.#routes.get(path);
  }

  /** Answers a request for a method. Rejects when the answer cannot be sent. */
  async serve(route: RpcRoute, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Connect's GET has its message in the URL, where it would be logged, and past the guard.
    if (request.method !== "POST") {
      response.writeHead(405, { Allow: "POST, OPTIONS" }).end();
      return;
    }
    const type = request.headers["content-type"] ?? "";
    if (!BINARY.test(type)) {
      response.writeHead(415, { "Accept-Post": BINARY_TYPES }).end();
      return;
    }
    const { method, handler } = route;
    const protocol: Protocol = /grpc-web/i.test(type) ? "grpc-web" : "connect";
    const open = this.#monitor.begin({ method: method.name, protocol });
    response.once("close", () => open.end("CANCELLED"));
    const reply = await handler(this.#toUniversal({ method, open }, request, response));
    await universalResponseToNodeResponse(watchReply(reply, open), response);
  }

  #toUniversal(
    { method, open }: { readonly method: AnyMethod; readonly open: OpenCall },
    request: IncomingMessage,
    response: ServerResponse,
  ): UniversalServerRequest {
    const headers = requestMetadata(request.headers);
    const universal = {
      httpVersion: request.httpVersion,
      // Only the query of a GET is read from it.
      url: `http://localhost${method.path}`,
      method: "POST",
      header: new Headers(headers),
      body: bodyChunks(request, (byteLength) => open.received(byteLength)),
      contextValues: createContextValues().set(OPEN_CALL, open),
      signal: abortOnClose(response).signal,
    };
    try {
      this.#guard(method, headers);
      return universal;
    } catch (error) {
      const { code, message } = toFailure(error);
      open.end(code, message);
      return refused(universal, error);
    }
  }
}

/**
 * The same request with a body that fails before any of it has been read, so
 * that each protocol answers with the refusal in its own way.
 */
function refused(
  request: UniversalServerRequest & { header: Headers },
  error: unknown,
): UniversalServerRequest {
  request.header.delete("content-length");
  return { ...request, body: failingBody(toConnectError(error)) };
}

// biome-ignore lint/correctness/useYield: it fails instead
async function* failingBody(error: unknown): AsyncGenerator<Uint8Array, void, undefined> {
  throw error;
}

function routesOf(backend: Transport, maxBytes: number): ReadonlyMap<string, RpcRoute> {
  const router = createConnectRouter({
    grpc: false,
    readMaxBytes: maxBytes,
    writeMaxBytes: maxBytes,
    acceptCompression: [compressionGzip],
    compressMinBytes: NEVER_COMPRESS_BYTES,
    maxTimeoutMs: MAX_TIMER_MS,
  });
  for (const method of METHODS) addMethod(router, method, backend);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return new Map(METHODS.map((method) => [method.path, { method, handler: handlers.get(method.path)! }]));
}
