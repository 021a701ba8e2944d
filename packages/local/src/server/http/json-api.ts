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
import { type CallMonitor, NO_METHOD, type OpenCall } from "../monitor/call-monitor.ts";
import { deadlineOf } from "./grpc-timeout.ts";
import { sendFailure, sendReply } from "./json-reply.ts";
import { PendingCall } from "./pending-call.ts";
import { readText } from "./request-body.ts";
import { jsonMetadata } from "./request-metadata.ts";
import { pathOf } from "./request-path.ts";

type FoundRoute = Extract<RouteMatch<AnyMethod>, { kind: "found" }>;

interface FoundCall {
  readonly found: FoundRoute;
  readonly open: OpenCall;
}

/** What stands around the calls of an API. */
export interface ApiSurroundings {
  readonly guard: CallGuard;
  readonly monitor: CallMonitor;
}

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
  readonly #monitor: CallMonitor;
  readonly #backend: Transport;
  readonly #maxBytes: number;

  constructor({ guard, monitor }: ApiSurroundings, backend: Transport, maxBytes: number) {
    this.#guard = guard;
    this.#monitor = monitor;
    this.#backend = backend;
    this.#maxBytes = maxBytes;
  }

  /** Answers a request, whatever it is for. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const match: RouteMatch<AnyMethod> = findRoute(request.method ?? "", pathOf(request));
    const isFound = match.kind === "found";
    const open = this.#monitor.begin({ method: isFound ? match.method.name : NO_METHOD, protocol: "json" });
    try {
      if (!isFound) throw failure(...NO_ROUTE[match.kind]);
      await this.#call({ found: match, open }, request, response);
    } catch (error) {
      const failed = toFailure(error);
      open.end(failed.code, failed.message);
      sendFailure(response, failed);
    }
  }

  async #call({ found, open }: FoundCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = found;
    const headers = jsonMetadata(request.headers);
    const pending = new PendingCall(response, deadlineOf(request.headers));
    try {
      this.#guard(method, headers);
      const message = await this.#readMessage(found, request, open);
      const { deadline, signal } = pending;
      const reply = await this.#backend.unary({ method, message, deadline, signal, headers });
      const json = this.#encode(method, reply.message);
      open.sent(json.byteLength);
      open.end("OK");
      sendReply(response, json, reply.metadata);
    } catch (error) {
      throw pending.failure(error);
    } finally {
      pending.end();
    }
  }

  async #readMessage(
    { method, route, fields }: FoundRoute,
    request: IncomingMessage,
    open: OpenCall,
  ): Promise<unknown> {
    const onReceived = (byteLength: number) => open.received(byteLength);
    const body = route.hasBody ? await readText(request, this.#maxBytes, onReceived) : "";
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
