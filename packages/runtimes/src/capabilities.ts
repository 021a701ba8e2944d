import { type Capability, ENGINE_CAPABILITIES } from "@vectron/conformance";
import type { Cell } from "./job.ts";

/** What every server of this repository offers, whatever the protocol. */
const SERVER: readonly Capability[] = [
  ...ENGINE_CAPABILITIES,
  "remote",
  "unreachable",
  "auth",
  "shared-server",
];

/** What a protocol offers whose requests and replies are protobuf messages. */
const MESSAGES: readonly Capability[] = ["streaming", "any-id"];

/**
 * What a combination offers by design. Clients over `fetch` share no tokens between
 * calls, since a worker's promises end with the request that made them.
 */
export function capabilitiesOf({ transport }: Cell): readonly Capability[] {
  switch (transport) {
    case "in-process":
      return [...ENGINE_CAPABILITIES, ...MESSAGES, "message-limit"];
    case "grpc":
      return [...SERVER, ...MESSAGES, "stream-auth", "shared-tokens", "message-limit"];
    case "json":
      return [...SERVER, "streaming-refused"];
    case "grpc-web":
    case "connect":
      return [...SERVER, ...MESSAGES, "stream-auth", "message-limit"];
  }
}
