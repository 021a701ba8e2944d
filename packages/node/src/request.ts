import type { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import { type ErrorCode, type Metadata, type TransportCall, TransportFailure } from "@vectron/core";
import type { MessageCodec } from "./codec.ts";
import type { GrpcRequest } from "./grpc-call.ts";
import { toMetadata } from "./metadata.ts";
import type { RequestMemory } from "./request-memory.ts";

/** What every request of a transport is subject to. */
export interface RequestLimits {
  /** Sent with every call, unless the call has its own. */
  readonly headers: Metadata;
  readonly maxSendBytes: number;
}

/**
 * Builds the request of a call, and refuses what need not or cannot be sent.
 * @throws TransportFailure with `requestSent: "no"`
 */
export function prepareRequest<I, O>(
  call: TransportCall<I, O>,
  codec: MessageCodec<I, O>,
  { limits, memory }: { readonly limits: RequestLimits; readonly memory: RequestMemory },
): GrpcRequest {
  const { method, deadline, signal } = call;
  if (signal.aborted) throw notSent("CANCELLED", "The call was aborted before it was sent", signal.reason);
  if (deadline <= Date.now())
    throw notSent("DEADLINE_EXCEEDED", "The deadline passed before the call was sent");
  const { message, lent } = encode(call, codec, memory);
  if (message.byteLength > limits.maxSendBytes) {
    throw notSent(
      "RESOURCE_EXHAUSTED",
      `The request of ${message.byteLength} bytes is larger than maxSendBytes, which is ${limits.maxSendBytes}`,
    );
  }
  return {
    path: method.path,
    metadata: readHeaders(limits.headers, call.headers),
    message,
    lent,
    deadline,
    signal,
  };
}

/** A failure of a call of which nothing has left this process. */
export function notSent(code: ErrorCode, message: string, cause?: unknown): TransportFailure {
  return new TransportFailure(code, message, { cause, requestSent: "no" });
}

function encode<I, O>(
  { method, message }: TransportCall<I, O>,
  codec: MessageCodec<I, O>,
  memory: RequestMemory,
): Pick<GrpcRequest, "message" | "lent"> {
  // A message that was encoded before takes no memory.
  let lent = false;
  try {
    const bytes = codec.encodeRequest(message, (size) => {
      lent = true;
      return memory.take(size);
    });
    return { message: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), lent };
  } catch (cause) {
    throw notSent(
      "INTERNAL",
      `The request of ${method.name} cannot be encoded: ${(cause as Error).message}`,
      cause,
    );
  }
}

function readHeaders(shared: Metadata, own: Metadata): GrpcMetadata {
  try {
    return toMetadata(shared, own);
  } catch (error) {
    throw notSent("INVALID_ARGUMENT", (error as Error).message);
  }
}
