import * as core from "@vectron/core";
import { expect, test } from "vitest";
import * as web from "../src/index.ts";

/** What core exports for its transports, and for nobody else. */
const FOR_TRANSPORTS = [
  "STATUS_CODES",
  "TransportFailure",
  "invalidArgument",
  "refuseUnknownKeys",
  "requireBoolean",
  "requireInteger",
  "requireObject",
  "requireOneOf",
  "splitClientOptions",
  "systemRuntime",
];

test("the package has everything of core's that users need, as the same objects", () => {
  for (const [name, value] of Object.entries(core)) {
    if (FOR_TRANSPORTS.includes(name) || name === "VectronClient") continue;
    expect(web, name).toHaveProperty(name, value);
  }
  expect(web.VectronClient.prototype).toBeInstanceOf(core.VectronClient);
});
