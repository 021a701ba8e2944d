import type { Fault } from "../fault.ts";

export const tlsMismatch: Fault = {
  name: "TLS mismatch",
  happens: "The client expects TLS, and the server speaks clear text.",
  stage: async ({ port }) => ({ address: `127.0.0.1:${port}`, tls: true, close: async () => {} }),
  promises: [
    {
      over: ["json", "connect"],
      ends: "UnavailableError",
      attempts: ["UNAVAILABLE not sent", "UNAVAILABLE not sent", "UNAVAILABLE not sent"],
      cause: "ERR_SSL_WRONG_VERSION_NUMBER",
    },
    {
      ends: "UnavailableError",
      attempts: ["UNAVAILABLE not sent", "UNAVAILABLE not sent", "UNAVAILABLE not sent"],
    },
  ],
};
