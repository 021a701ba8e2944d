import type { ConnectionFault } from "@vectron/fixtures";
import type { SeededRandom } from "./seeded-random.ts";

const FAULTS: Readonly<Record<string, ConnectionFault>> = {
  none: { kind: "none" },
  resetAtOnce: { kind: "reset", at: "connect" },
  resetAfterSend: { kind: "reset", at: "reply" },
  resetMidReply: { kind: "reset", at: "mid-reply" },
  halfClose: { kind: "half-close", at: "reply" },
  delay: { kind: "delay", delayMs: 2 },
  drip: { kind: "drip", bytes: 64, everyMs: 1 },
  blackHole: { kind: "black-hole", at: "reply" },
};

/** What happens to a connection of `fetch`, which has many. */
const OVER_HTTP1 = {
  none: 85,
  resetAtOnce: 3,
  resetAfterSend: 3,
  resetMidReply: 3,
  halfClose: 2,
  delay: 2,
  drip: 2,
  blackHole: 0.5,
};

/** All calls of gRPC share one connection: out of a black hole they would come with its keepalive, half a minute later. */
const OVER_HTTP2 = { ...OVER_HTTP1, blackHole: 0 };

/** Decides what happens to each connection. */
export function randomFaults(random: SeededRandom, protocol: "http1" | "http2"): () => ConnectionFault {
  return () => FAULTS[random.pick(protocol === "http1" ? OVER_HTTP1 : OVER_HTTP2)]!;
}
