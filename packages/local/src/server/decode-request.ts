import type { BinaryServerCodec } from "@vectron/core/wire";
import { failure } from "../service/failures.ts";

/**
 * The request in protobuf bytes.
 *
 * @throws TransportFailure in the words of a stock server, when there is none in them
 */
export function decodeRequest<I>(codec: BinaryServerCodec<I, unknown>, bytes: Uint8Array): I {
  try {
    return codec.decodeRequest(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure("INTERNAL", `grpc: error unmarshalling request: ${reason}`, error);
  }
}
