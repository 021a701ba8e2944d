import type { Fault } from "../fault.ts";
import { onConnections } from "./on-connection.ts";

export const slowDrip: Fault = {
  name: "slow drip",
  happens: "Replies come in drops of 16 bytes.",
  stage: onConnections("every", { kind: "drip", bytes: 16, everyMs: 1 }),
  promises: [{ ends: "ok", attempts: ["OK"] }],
};
