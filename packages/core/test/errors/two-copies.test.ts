import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as source from "../../src/index.ts";
import { ScriptedTransport, VirtualClock } from "../../src/testing/index.ts";
import { bundleEntry } from "../bundle.ts";
import { QUERY } from "../support.ts";

type Core = typeof source;

const folder = mkdtempSync(join(tmpdir(), "vectron-copies-"));
const copies: Record<string, Core> = { source };

beforeAll(async () => {
  const [esm, cjs] = await Promise.all([
    bundleEntry("index.ts", { minify: true }),
    bundleEntry("index.ts", { minify: true, format: "cjs" }),
  ]);
  const esmFile = join(folder, "core.mjs");
  const cjsFile = join(folder, "core.cjs");
  writeFileSync(esmFile, esm.code);
  writeFileSync(cjsFile, cjs.code);
  copies.esm = (await import(/* @vite-ignore */ pathToFileURL(esmFile).href)) as Core;
  copies.cjs = createRequire(import.meta.url)(cjsFile) as Core;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const copy = (name: string): Core => copies[name] as Core;

const PAIRS = ["source", "esm", "cjs"].flatMap((one) =>
  ["source", "esm", "cjs"].map((other) => [one, other] as const),
);

describe("copies of the package in one program", () => {
  it("are different ones", () => {
    expect(new Set(["source", "esm", "cjs"].map((name) => copy(name).VectronError)).size).toBe(3);
  });

  it.each(PAIRS)("an error of %s is known to %s", (one, other) => {
    const error = new (copy(one).NotFoundError)("gone");
    const { NotFoundError, UnavailableError, VectronError } = copy(other);
    expect(error instanceof NotFoundError).toBe(true);
    expect(error instanceof VectronError).toBe(true);
    expect(NotFoundError.isInstance(error)).toBe(true);
    expect(error instanceof UnavailableError).toBe(false);
  });

  it.each(PAIRS)("a user's subclass of %s's class is known to %s", (one, other) => {
    class Missing extends copy(one).NotFoundError {}
    const error = new Missing("gone");
    expect(error instanceof copy(other).NotFoundError).toBe(true);
    expect(new (copy(other).NotFoundError)("gone") instanceof Missing).toBe(false);
  });

  it.each(["esm", "cjs"])("names survive minification: %s", (name) => {
    const { NotFoundError } = copy(name);
    const error = new NotFoundError("gone", { cause: new Error("why") });
    expect(error.name).toBe("NotFoundError");
    expect(error.stack).toMatch(/^NotFoundError: gone/);
    expect(error.toJSON().name).toBe("NotFoundError");
  });

  it.each(PAIRS)("a transport with the failures of %s serves the client of %s", async (one, other) => {
    const clock = new VirtualClock();
    const scripted = new ScriptedTransport([]);
    const { TransportFailure } = copy(one);
    const failing = (): never => {
      throw new TransportFailure("NOT_FOUND", "collection 'docs' not found");
    };
    const client = new (copy(other).VectronClient)(
      { capabilities: scripted.capabilities, unary: failing, serverStream: failing, close: async () => {} },
      {},
      clock,
    );
    await expect(client.search("docs", QUERY)).rejects.toMatchObject({ name: "NotFoundError" });
  });

  it("a provider's AuthenticationError of another copy is known as one", async () => {
    const own = new (copy("cjs").AuthenticationError)("no password is set");
    const client = new source.VectronClient(new ScriptedTransport([]), { auth: () => Promise.reject(own) });
    await expect(client.search("docs", QUERY)).rejects.toThrow(/^no password is set \[Search/);
  });
});
