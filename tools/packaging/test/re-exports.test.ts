import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../src/packages/workspace.ts";

/** What concerns accounts and transports to a server: an embedded engine has neither. */
const OF_SERVERS = [
  "AccessToken",
  "ApiKey",
  "ApiKeyValidation",
  "AuthCallOptions",
  "ClientOptions",
  "CreatedApiKey",
  "Credentials",
  "LoginResult",
  "SdkTokenCallOptions",
  "SdkTokenSource",
  "TokenProvider",
  "TokenRequest",
  "Transport",
  "TransportCapabilities",
];
/** What the embedded client is an instance of: there is no subclass of it to export. */
const SUBCLASSED = ["VectronClient"];

/** The names that an entry passes on from core, types included. */
function fromCore(entry: string): string[] {
  const source = readFileSync(join(ROOT, "packages", entry), "utf8");
  const list = /export \{([^}]*)\} from "@vectron\/core";/.exec(source)?.[1] ?? "";
  const names = list.split(",").map((name) => name.trim().replace(/^type /, ""));
  return names.filter((name) => name !== "").sort();
}

const node = fromCore("node/src/index.ts");

test("node and web pass the same names on, so that a program moves from one to the other", () => {
  expect(node.length).toBeGreaterThan(50);
  expect(fromCore("web/src/index.ts")).toEqual(node);
});

test.each(["local/src/index.ts", "local/src/memory/index.ts"])(
  "%s passes on the same, less what only servers have",
  (entry) => {
    const wanted = [...node.filter((name) => !OF_SERVERS.includes(name)), ...SUBCLASSED].sort();
    expect(fromCore(entry)).toEqual(wanted);
  },
);
