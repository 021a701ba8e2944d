import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorCode, Transport } from "@vectron/core";
import {
  DecodeError,
  jsonServerCodec,
  type RouteMatch,
  routeMatcher,
  vectronRoutes,
  vectronService,
} from "@vectron/core/wire";
import { failure, invalidArgument, toFailure } from "../../service/failures.ts";
import type { CallGuard } from "../call-guard.ts";
import type { AnyMethod } from "../methods.ts";
import { deadlineOf } from "./grpc-timeout.ts";
import { sendFailure, sendReply } from "./json-reply.ts";
import { PendingCall } from "./pending-call.ts";
import { readText } from "./request-body.ts";
import { jsonMetadata } from "./request-metadata.ts";
import { pathOf } from "./request-path.ts";

type FoundRoute = Extract<RouteMatch<AnyMethod>, { kind: "found" }>;

/** What grpc-gateway answers where there is no call to make. */
const NO_ROUTE: Readonly<
  Record<Exclude<RouteMatch<AnyMethod>["kind"], "found">, readonly [ErrorCode, string]>
> = {
  "not-found": ["NOT_FOUND", "Not Found"],
  "wrong-method": ["UNIMPLEMENTED", "Method Not Allowed"],
  malformed: ["INVALID_ARGUMENT", "Bad Request"],
};

const findRoute = routeMatcher(vectronService, vectronRoutes);

/** The HTTP/JSON API of a stock gateway, in front of a back end. */
export class JsonApi {
  readonly #guard: CallGuard;
  readonly #backend: Transport;
  readonly #maxBytes: number;

  constructor(guard: CallGuard, backend: Transport, maxBytes: number) {
    this.#guard = guard;
    this.#backend = backend;
    this.#maxBytes = maxBytes;
  }

  /** Answers a request, whatever it is for. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const match: RouteMatch<AnyMethod> = findRoute(request.method ?? "", pathOf(request));
      if (match.kind !== "found") throw failure(...NO_ROUTE[match.kind]);
      await this.#call(match, request, response);
    } catch (error) {
      sendFailure(response, toFailure(error));
    }
  }

  async #call(found: FoundRoute, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = found;
    const headers = jsonMetadata(request.headers);
    const pending = new PendingCall(response, deadlineOf(request.headers));
    try {
      this.#guard(method, headers);
      const message = await this.#readMessage(found, request);
      const { deadline, signal } = pending;
      const reply = await this.#backend.unary({ method, message, deadline, signal, headers });
      sendReply(response, this.#encode(method, reply.message), reply.metadata);
    } catch (error) {
      throw pending.failure(error);
    } finally {
      pending.end();
    }
  }

  async #readMessage({ method, route, fields }: FoundRoute, request: IncomingMessage): Promise<unknown> {
    const body = route.hasBody ? await readText(request, this.#maxBytes) : "";
    try {
      return jsonServerCodec(method).decodeRequest(body, fields);
    } catch (error) {
      throw error instanceof DecodeError ? invalidArgument(error.message) : error;
    }
  }

  #encode(method: AnyMethod, message: unknown): Buffer {
    const json = Buffer.from(jsonServerCodec(method).encodeReply(message));
    const { byteLength } = json;
    if (byteLength <= this.#maxBytes) return json;
    const sizes = `(${byteLength} vs. ${this.#maxBytes})`;
    throw failure("RESOURCE_EXHAUSTED", `grpc: trying to send message larger than max ${sizes}`);
  }
}
