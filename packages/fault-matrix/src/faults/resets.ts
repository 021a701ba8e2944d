import type { TransportName } from "../clients.ts";
import type { Fault, Promised } from "../fault.ts";
import type { MethodCase } from "../methods/method-case.ts";
import { onConnections } from "./on-connection.ts";

/** The server has done it, and the client cannot know. */
const AMBIGUOUS: readonly Promised[] = [
  { repetition: ["harmless"], ends: "ok", attempts: ["UNAVAILABLE perhaps sent", "OK"] },
  { repetition: ["after a look"], ends: "ok", attempts: ["UNAVAILABLE perhaps sent"] },
];

export const resetBeforeSend: Fault = {
  name: "reset before send",
  happens: "The first connection is reset before the server has heard anything on it.",
  stage: onConnections("first", { kind: "reset", at: "connect" }),
  promises: [
    { over: ["grpc"], ends: "ok", attempts: ["UNAVAILABLE not sent", "OK"] },
    // `fetch` does not tell.
    { repetition: ["harmless", "after a look"], ends: "ok", attempts: ["UNAVAILABLE perhaps sent", "OK"] },
    { ends: "UnavailableError", attempts: ["UNAVAILABLE perhaps sent"], cause: "ECONNRESET" },
  ],
};

export const resetAfterSend: Fault = {
  name: "reset after send",
  happens: "The server has done what it was asked; the first connection is reset before its reply.",
  stage: onConnections("first", { kind: "reset", at: "reply" }),
  promises: [
    ...AMBIGUOUS,
    { ends: "UnavailableError", attempts: ["UNAVAILABLE perhaps sent"], cause: "ECONNRESET" },
  ],
};

export const resetMidReply: Fault = {
  name: "reset mid-reply",
  happens: "The server has done what it was asked; the first connection is reset in the middle of its reply.",
  impossibleFor: emptyReply,
  stage: onConnections("first", { kind: "reset", at: "mid-reply" }),
  promises: [
    { repetition: ["harmless"], ends: "ok", attempts: ["UNAVAILABLE sent", "OK"] },
    { repetition: ["after a look"], ends: "ok", attempts: ["UNAVAILABLE sent"] },
    { over: ["grpc"], ends: "UnavailableError", attempts: ["UNAVAILABLE sent"] },
    { ends: "UnavailableError", attempts: ["UNAVAILABLE sent"], cause: "ECONNRESET" },
  ],
};

export const halfClose: Fault = {
  name: "half-close",
  happens:
    "The server has done what it was asked; its side of the first connection ends in place of its reply.",
  stage: onConnections("first", { kind: "half-close", at: "reply" }),
  promises: [
    ...AMBIGUOUS,
    { over: ["grpc"], ends: "UnavailableError", attempts: ["UNAVAILABLE perhaps sent"] },
    { ends: "UnavailableError", attempts: ["UNAVAILABLE perhaps sent"], cause: "UND_ERR_SOCKET" },
  ],
};

function emptyReply({ name }: MethodCase, transport: TransportName): string | undefined {
  return name === "delete" && transport === "connect" ? "the reply is empty, and has no middle" : undefined;
}
