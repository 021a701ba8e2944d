import { type Metadata, type MethodDescriptor, TransportFailure } from "@vectron/core";
import type { MessageCodec } from "./codec.ts";

/**
 * Reads the reply of a unary call from the messages that came, which must be one.
 * @throws TransportFailure
 */
export function decodeOnlyMessage<I, O>(
  method: MethodDescriptor<I, O>,
  codec: MessageCodec<I, O>,
  messages: readonly Uint8Array[],
  metadata: Metadata,
): O {
  const [first] = messages;
  if (first !== undefined && messages.length === 1) return decodeMessage(method, codec, first, metadata);
  // The code that gRPC has for a wrong number of messages.
  throw new TransportFailure(
    "UNIMPLEMENTED",
    `${method.name} replied with ${messages.length} messages, not one`,
    {
      metadata,
      requestSent: "yes",
    },
  );
}

/**
 * Reads one message of a reply.
 * @throws TransportFailure
 */
export function decodeMessage<I, O>(
  method: MethodDescriptor<I, O>,
  codec: MessageCodec<I, O>,
  bytes: Uint8Array,
  metadata: Metadata,
): O {
  try {
    return codec.decodeReply(bytes);
  } catch (cause) {
    throw new TransportFailure(
      "INTERNAL",
      `The reply of ${method.name} cannot be decoded: ${(cause as Error).message}`,
      {
        metadata,
        cause,
        requestSent: "yes",
      },
    );
  }
}
