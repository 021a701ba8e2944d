import { refusedAddress } from "@vectron/fixtures";
import { VectronClient } from "@vectron/node";
import { test } from "vitest";
import { describeConformance } from "../src/vitest.ts";

const { VECTRON_TEST_ADDRESS: host, VECTRON_TEST_API_KEY: apiKey } = process.env;

/**
 * What a stock cluster offers whose searches look at every shard. Its cosine is
 * quantised, it has no dot, hides points that were deleted and written again,
 * returns no more than 100 results of a shard and asks for no key on streams. The
 * profile behind the key is left alone.
 */
async function openAnyServer(address: string, key: string) {
  const nowhere = await refusedAddress();
  return {
    target: {
      name: "any-server",
      capabilities: [
        "streaming",
        "complete-search",
        "remote",
        "unreachable",
        "auth",
        "shared-tokens",
        "shared-server",
        "any-id",
        "message-limit",
      ] as const,
      apiKey: key,
      connect: (options: object) => new VectronClient({ ...options, host: address }),
      connectToNothing: (options: object) => new VectronClient({ ...options, host: nowhere }),
    },
    close: async () => undefined,
  };
}

if (host !== undefined && apiKey !== undefined) {
  // A cluster needs 5 to 11 s for each new collection.
  describeConformance(`the server at ${host}`, () => openAnyServer(host, apiKey), { caseTimeoutMs: 300_000 });
} else {
  test.skip("needs VECTRON_TEST_ADDRESS and VECTRON_TEST_API_KEY", () => undefined);
}
