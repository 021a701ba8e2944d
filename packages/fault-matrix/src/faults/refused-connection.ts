import { refusedAddress } from "@vectron/fixtures";
import type { Fault } from "../fault.ts";

export const refusedConnection: Fault = {
  name: "refused connection",
  happens: "Nothing listens at the address.",
  stage: async () => ({ address: await refusedAddress(), close: async () => {} }),
  promises: [
    {
      ends: "UnavailableError",
      attempts: ["UNAVAILABLE not sent", "UNAVAILABLE not sent", "UNAVAILABLE not sent"],
      cause: "ECONNREFUSED",
    },
  ],
};
