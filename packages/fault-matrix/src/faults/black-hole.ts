import { type ReplyPlace, startFaultProxy } from "@vectron/fixtures";
import type { Fault, Promised } from "../fault.ts";

const PROMISES: readonly Promised[] = [
  { ends: "DeadlineExceededError", attempts: ["DEADLINE_EXCEEDED perhaps sent"] },
];

export const blackHole: Fault = {
  name: "black hole",
  happens: "Connections are accepted; nothing ever comes back on them, and the caller's time is up.",
  stage: swallowing("connect"),
  promises: PROMISES,
};

export const lostReply: Fault = {
  name: "lost reply",
  happens:
    "The server has done what it was asked; its reply never arrives, nothing closes, and the caller's time is up.",
  stage: swallowing("reply"),
  promises: PROMISES,
};

function swallowing(at: ReplyPlace): Fault["stage"] {
  return async ({ port }) => {
    const proxy = await startFaultProxy({ port, faultOf: () => ({ kind: "black-hole", at }) });
    return { address: proxy.address, timeIsUp: proxy.struck(1), close: () => proxy.close() };
  };
}
