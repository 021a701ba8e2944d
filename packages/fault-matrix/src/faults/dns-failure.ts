import type { Fault } from "../fault.ts";

/** A label of more than 63 bytes is no name (RFC 1035, section 2.3.4), so that no name server need be asked. */
const NO_NAME = `${"a".repeat(64)}.invalid`;

export const dnsFailure: Fault = {
  name: "DNS failure",
  happens: "The server's name is not known.",
  stage: async ({ port }) => ({ address: `${NO_NAME}:${port}`, close: async () => {} }),
  promises: [
    {
      // grpc-js keeps nothing of the platform's error.
      over: ["grpc"],
      ends: "UnavailableError",
      attempts: ["UNAVAILABLE not sent", "UNAVAILABLE not sent", "UNAVAILABLE not sent"],
    },
    {
      ends: "UnavailableError",
      attempts: ["UNAVAILABLE not sent", "UNAVAILABLE not sent", "UNAVAILABLE not sent"],
      cause: "ENOTFOUND",
    },
  ],
};
