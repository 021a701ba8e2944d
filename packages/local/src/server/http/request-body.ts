import { constants } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { TransportFailure } from "@vectron/core";
import { failure, invalidArgument } from "../../service/failures.ts";

/** Told of every piece of a body that has come. */
export type OnReceived = (byteLength: number) => void;

/**
 * A request's body. When its reader stops early, what is left of it is thrown
 * away, and not, as Node has it, the connection, which still has to carry the answer.
 */
export async function* bodyChunks(
  request: IncomingMessage,
  onReceived: OnReceived,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      onReceived(chunk.byteLength);
      yield chunk;
    }
  } catch (error) {
    // Only the connection can fail here: the caller has left, or has sent what is no HTTP.
    throw failure("CANCELLED", "the request was cut off", error);
  } finally {
    request.resume();
  }
}

/**
 * A request's body as text.
 *
 * @throws TransportFailure when it is larger than `maxBytes`, or not UTF-8
 */
export async function readText(
  request: IncomingMessage,
  maxBytes: number,
  onReceived: OnReceived,
): Promise<string> {
  const limit = Math.min(maxBytes, constants.MAX_STRING_LENGTH);
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limit) throw tooLarge(announced, limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyChunks(request, onReceived)) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(size, limit);
    chunks.push(chunk);
  }
  return decode(Buffer.concat(chunks, size));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidArgument("the body is not valid UTF-8");
  }
}

/** In the words of a stock server's gRPC side, which clients know. */
function tooLarge(size: number, limit: number): TransportFailure {
  return failure("RESOURCE_EXHAUSTED", `grpc: received message larger than max (${size} vs. ${limit})`);
}
