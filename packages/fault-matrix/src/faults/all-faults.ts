import type { Fault } from "../fault.ts";
import { blackHole, lostReply } from "./black-hole.ts";
import { badFrame, wrongContentType } from "./broken-replies.ts";
import { dnsFailure } from "./dns-failure.ts";
import { expiredToken, expiredTokenForGood } from "./expired-token.ts";
import { goawayProcessed, goawayUnprocessed } from "./goaway.ts";
import { refusedConnection } from "./refused-connection.ts";
import { halfClose, resetAfterSend, resetBeforeSend, resetMidReply } from "./resets.ts";
import { rstStream } from "./rst-stream.ts";
import { serverKilled } from "./server-killed.ts";
import { slowDrip } from "./slow-drip.ts";
import { statuses } from "./statuses.ts";
import { tlsMismatch } from "./tls-mismatch.ts";

/** Every fault, in the order of the document. */
export const allFaults: readonly Fault[] = [
  refusedConnection,
  dnsFailure,
  tlsMismatch,
  resetBeforeSend,
  resetAfterSend,
  resetMidReply,
  halfClose,
  blackHole,
  lostReply,
  serverKilled,
  slowDrip,
  goawayUnprocessed,
  goawayProcessed,
  ...rstStream,
  badFrame,
  wrongContentType,
  expiredToken,
  expiredTokenForGood,
  ...statuses,
];
