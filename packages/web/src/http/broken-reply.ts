import { type Metadata, TransportFailure } from "@vectron/core";
import { platformFailure } from "./platform-error.ts";

/** The failure of a call whose reply began and did not come to its end. */
export function brokenReply(error: unknown, endpoint: string, metadata: Metadata): TransportFailure {
  if (error instanceof TransportFailure) return error;
  return platformFailure(error, `the reply from ${endpoint} broke off`, { metadata, requestSent: "yes" });
}
