import { once } from "node:events";
import type {
  Deadline,
  handleServerStreamingCall,
  handleUnaryCall,
  MethodDefinition,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  UntypedHandleCall,
} from "@grpc/grpc-js";
import type { Transport, TransportCall } from "@vectron/core";
import { type BinaryServerCodec, binaryServerCodec } from "@vectron/core/wire";
import { decodeRequest } from "../decode-request.ts";
import type { AnyMethod } from "../methods.ts";
import { toGrpcMetadata, toHeaders } from "./headers.ts";
import { toGrpcStatus } from "./status.ts";

type Codec = BinaryServerCodec<unknown, unknown>;
type GrpcCall = ServerUnaryCall<Uint8Array, Uint8Array> | ServerWritableStream<Uint8Array, Uint8Array>;

/** A service as `Server.addService` takes it. */
export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: Record<string, UntypedHandleCall>;
}

/** Serves methods by passing their calls to the back end. */
export function grpcService(methods: readonly AnyMethod[], backend: Transport): GrpcService {
  return {
    definition: Object.fromEntries(methods.map((method) => [method.name, definitionOf(method)])),
    implementation: Object.fromEntries(methods.map((method) => [method.name, handlerOf(method, backend)])),
  };
}

function handlerOf(method: AnyMethod, backend: Transport): UntypedHandleCall {
  const codec = binaryServerCodec(method);
  const handler = method.kind === "unary" ? unaryHandler : streamHandler;
  return handler(method, codec, backend) as UntypedHandleCall;
}

function unaryHandler(
  method: AnyMethod,
  codec: Codec,
  backend: Transport,
): handleUnaryCall<Uint8Array, Uint8Array> {
  const answer = async (call: GrpcCall) => {
    const { message, metadata } = await backend.unary(toTransportCall(method, codec, call));
    return { reply: codec.encodeReply(message), trailers: toGrpcMetadata(metadata) };
  };
  return (call, callback) => {
    answer(call).then(
      ({ reply, trailers }) => callback(null, reply, trailers),
      (error: unknown) => callback(toGrpcStatus(error)),
    );
  };
}

function streamHandler(
  method: AnyMethod,
  codec: Codec,
  backend: Transport,
): handleServerStreamingCall<Uint8Array, Uint8Array> {
  return async (call) => {
    try {
      const request = toTransportCall(method, codec, call);
      for await (const message of backend.serverStream(request)) {
        if (call.write(codec.encodeReply(message))) continue;
        // A caller that reads slowly slows the back end down.
        await once(call, "drain", { signal: request.signal as AbortSignal });
      }
      call.end();
    } catch (error) {
      call.emit("error", toGrpcStatus(error));
    }
  };
}

function toTransportCall(method: AnyMethod, codec: Codec, call: GrpcCall): TransportCall<unknown, unknown> {
  const controller = new AbortController();
  call.once("cancelled", () => controller.abort());
  return {
    method,
    message: decodeRequest(codec, call.request),
    deadline: toMilliseconds(call.getDeadline()),
    signal: controller.signal,
    headers: toHeaders(call.metadata),
  };
}

/** `Infinity` when the caller set no deadline. */
function toMilliseconds(deadline: Deadline): number {
  return deadline instanceof Date ? deadline.getTime() : deadline;
}

/** Messages stay bytes until the handler has them, so that a call that is refused is never decoded. */
function definitionOf(method: AnyMethod): MethodDefinition<Uint8Array, Uint8Array> {
  return {
    path: method.path,
    requestStream: false,
    responseStream: method.kind === "server-stream",
    requestSerialize: toBuffer,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: toBuffer,
    responseDeserialize: (bytes) => bytes,
  };
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
