import type { Fault } from "../fault.ts";
import { onConnections } from "./on-connection.ts";

/** Long enough for a call to be sent and answered; it is over when this is. */
const TIMEOUT_MS = 500;

export const blackHole: Fault = {
  name: "black hole",
  happens: "Connections are accepted; nothing ever comes back on them.",
  stage: onConnections("every", { kind: "black-hole", at: "connect" }, { timeoutMs: TIMEOUT_MS }),
  promises: [{ ends: "DeadlineExceededError", attempts: ["DEADLINE_EXCEEDED"] }],
};

export const lostReply: Fault = {
  name: "lost reply",
  happens: "The server has done what it was asked; its reply never arrives, and nothing closes.",
  stage: onConnections("every", { kind: "black-hole", at: "reply" }, { timeoutMs: TIMEOUT_MS }),
  promises: [{ ends: "DeadlineExceededError", attempts: ["DEADLINE_EXCEEDED perhaps sent"] }],
};
