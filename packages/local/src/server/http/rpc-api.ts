import type { IncomingMessage, ServerResponse } from "node:http";
import { createConnectRouter } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerRequest } from "@connectrpc/connect/protocol";
import { compressionGzip, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { Transport } from "@vectron/core";
import type { CallGuard } from "../call-guard.ts";
import { type AnyMethod, METHODS } from "../methods.ts";
import { abortOnClose } from "./pending-call.ts";
import { bodyChunks } from "./request-body.ts";
import { requestMetadata } from "./request-metadata.ts";
import { addMethod, toConnectError } from "./rpc-method.ts";

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
  readonly #routes: ReadonlyMap<string, RpcRoute>;

  constructor(guard: CallGuard, backend: Transport, maxBytes: number) {
    this.#guard = guard;
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
    if (!BINARY.test(request.headers["content-type"] ?? "")) {
      response.writeHead(415, { "Accept-Post": BINARY_TYPES }).end();
      return;
    }
    const reply = await route.handler(this.#toUniversal(route.method, request, response));
    await universalResponseToNodeResponse(reply, response);
  }

  #toUniversal(
    method: AnyMethod,
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
      body: bodyChunks(request),
      signal: abortOnClose(response).signal,
    };
    try {
      this.#guard(method, headers);
      return universal;
    } catch (error) {
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
