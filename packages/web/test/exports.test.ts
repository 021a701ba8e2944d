import * as core from "@vectron/core";
import { expect, test } from "vitest";
import * as web from "../src/index.ts";

/** What this package has a subclass of, which makes the transport. */
const SUBCLASSED = ["AuthClient", "VectronClient"];

/** What core exports for its transports and integrations, and for nobody else. */
const FOR_PACKAGES = [
  "STATUS_CODES",
  "TransportFailure",
  "invalidArgument",
  "jsonText",
  "refuseUnknownKeys",
  "requireBoolean",
  "requireHeaders",
  "requireInteger",
  "requireObject",
  "requireOneOf",
  "sdkTokenProvider",
  "splitClientOptions",
  "splitSdkTokenOptions",
  "systemRuntime",
];

test("the package has everything of core's that users need, as the same objects", () => {
  for (const [name, value] of Object.entries(core)) {
    if (FOR_PACKAGES.includes(name) || SUBCLASSED.includes(name)) continue;
    expect(web, name).toHaveProperty(name, value);
  }
  expect(web.VectronClient.prototype).toBeInstanceOf(core.VectronClient);
  expect(web.AuthClient.prototype).toBeInstanceOf(core.AuthClient);
});
