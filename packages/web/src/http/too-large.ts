import { type Metadata, TransportFailure } from "@vectron/core";

/** The failure of a call whose reply is over the limit. */
export function tooLarge(maxBytes: number, metadata: Metadata): TransportFailure {
  return new TransportFailure(
    "RESOURCE_EXHAUSTED",
    `the reply is larger than maxReceiveBytes, which is ${maxBytes}`,
    { metadata, requestSent: "yes" },
  );
}
