import type { DescMethodServerStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createContextKey,
  type HandlerContext,
} from "@connectrpc/connect";
import type { Transport, TransportCall } from "@vectron/core";
import { connectMethod, type Opaque, type OpaqueSchema, unwrap, wrap } from "@vectron/core/connect";
import { binaryServerCodec, statusCodeFromNumber, statusCodeToNumber } from "@vectron/core/wire";
import { toFailure } from "../../service/failures.ts";
import { decodeRequest } from "../decode-request.ts";
import type { AnyMethod } from "../methods.ts";
import type { OpenCall } from "../monitor/call-monitor.ts";

type Unary = DescMethodUnary<typeof OpaqueSchema, typeof OpaqueSchema>;
type ServerStreaming = DescMethodServerStreaming<typeof OpaqueSchema, typeof OpaqueSchema>;

/** Where a handler finds its call as it is told of. */
export const OPEN_CALL = createContextKey<OpenCall | undefined>(undefined);

/** Serves a method by passing its calls to the back end. */
export function addMethod(router: ConnectRouter, method: AnyMethod, backend: Transport): void {
  const description = connectMethod(method);
  if (method.kind === "unary") router.rpc(description as Unary, unaryHandler(method, backend));
  else router.rpc(description as ServerStreaming, streamHandler(method, backend));
}

function unaryHandler(method: AnyMethod, backend: Transport) {
  const codec = binaryServerCodec(method);
  return async (request: Opaque, context: HandlerContext): Promise<Opaque> => {
    try {
      const message = decodeRequest(codec, unwrap(request));
      const reply = await backend.unary(toTransportCall(method, message, context));
      for (const [name, value] of Object.entries(reply.metadata)) context.responseHeader.set(name, value);
      return wrap(codec.encodeReply(reply.message));
    } catch (error) {
      throw failed(error, context);
    }
  };
}

function streamHandler(method: AnyMethod, backend: Transport) {
  const codec = binaryServerCodec(method);
  return async function* (request: Opaque, context: HandlerContext): AsyncGenerator<Opaque, void, undefined> {
    try {
      const message = decodeRequest(codec, unwrap(request));
      const replies = backend.serverStream(toTransportCall(method, message, context));
      for await (const reply of replies) yield wrap(codec.encodeReply(reply));
    } catch (error) {
      throw failed(error, context);
    }
  };
}

/** The error that ends a call. */
function failed(error: unknown, { values, signal }: HandlerContext): ConnectError {
  const end = toConnectError(error, signal);
  values.get(OPEN_CALL)?.end(statusCodeFromNumber(end.code), end.rawMessage);
  return end;
}

function toTransportCall(
  method: AnyMethod,
  message: unknown,
  { timeoutMs, signal, requestHeader }: HandlerContext,
): TransportCall<unknown, unknown> {
  return {
    method,
    message,
    deadline: Date.now() + (timeoutMs() ?? Number.POSITIVE_INFINITY),
    signal,
    headers: Object.fromEntries(requestHeader),
  };
}

/**
 * What a call failed with, as Connect has it; its numbers are gRPC's.
 *
 * @param signal - the call's own, whose reason is Connect's error once the deadline has passed
 */
export function toConnectError(error: unknown, signal?: AbortSignal): ConnectError {
  const reason: unknown = signal?.reason;
  if (reason instanceof ConnectError && reason.code === Code.DeadlineExceeded) return reason;
  const { code, message, metadata } = toFailure(error);
  return new ConnectError(message, statusCodeToNumber(code), metadata);
}
