import { Code, ConnectError } from "@connectrpc/connect";
import { type ErrorCode, STATUS_CODES, TransportFailure } from "@vectron/core";
import { brokenReply } from "../http/broken-reply.ts";
import { replyMetadata } from "../http/reply-metadata.ts";

/** The failure that an error of connect-web's stands for. */
export function rpcFailure(error: unknown, endpoint: string): TransportFailure {
  if (error instanceof TransportFailure) return error;
  const { code, rawMessage, cause, metadata } = ConnectError.from(error);
  // Thrown inside connect-web by this package's own fetch.
  if (cause instanceof TransportFailure) return cause;
  if (cause instanceof Error) return brokenReply(cause, endpoint, {});

  const headers = replyMetadata(metadata);
  // An error that a server sent has the reply's headers; one of connect-web's own making has none.
  if (Object.keys(headers).length > 0) {
    return new TransportFailure(toErrorCode(code), rawMessage, { metadata: headers, requestSent: "yes" });
  }
  if (code === Code.Canceled) return new TransportFailure("CANCELLED", rawMessage);
  return new TransportFailure("INTERNAL", `the reply from ${endpoint} is malformed: ${rawMessage}`, {
    requestSent: "yes",
  });
}

/** connect-web numbers its codes as gRPC does. */
function toErrorCode(code: Code): ErrorCode {
  return STATUS_CODES[code] as ErrorCode;
}
