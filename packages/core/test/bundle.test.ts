import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { bundleEntry, startOf } from "./bundle.ts";

describe("the main entry", () => {
  it("brings nothing from outside: no Node module, no protobuf runtime, no generated protobuf-es code", async () => {
    const { imports, modules } = await bundleEntry("index.ts");
    expect(imports).toEqual([]);
    expect(modules.every((module) => module.startsWith("src/"))).toBe(true);
    expect(
      modules.filter((module) =>
        /_pb\.ts$|gen\/opaque|^src\/(wire\/(json|http)|connect|testing|otel)\//.test(module),
      ),
    ).toEqual([]);
  });

  it("loads what pages rarely need on demand, and what handles failures at start", async () => {
    const entry = await startOf("index.ts");
    const onDemand =
      /^src\/(bulk\/(bulk-load|bulk-upsert|batch|request-)|client\/operations\/(account|collections|many)|data\/schema-codec|gen\/.*\/(binary|json|size))/;
    expect(entry.filter((module) => onDemand.test(module))).toEqual([]);
    expect(entry).toEqual(
      expect.arrayContaining([
        "src/call/attempts.ts",
        "src/call/call-error.ts",
        "src/client/operations/recover-routing.ts",
        "src/client/operations/search.ts",
        "src/faults/fault-table.ts",
      ]),
    );
  });

  it("runs where there are a few web globals and nothing else", async () => {
    const { code } = await bundleEntry("index.ts", { format: "iife", globalName: "core" });
    const context = vm.createContext({
      AbortController,
      setTimeout,
      clearTimeout,
      TextEncoder,
      TextDecoder,
      crypto,
    });
    const run = vm.runInContext(`${code}; ${PROGRAM}; program()`, context) as Promise<string>;
    expect(await run).toBe("upserted 1, found a, NotFoundError, CancelledError");
  });

  it("does nothing when it is imported", async () => {
    const { code } = await bundleEntry("index.ts", { format: "iife", globalName: "core" });
    const touched: string[] = [];
    const forbidden = new Proxy(
      {},
      {
        has: () => true,
        get: (_, name) => {
          if (typeof name === "string" && !(name in ES_GLOBALS)) touched.push(name);
          return (ES_GLOBALS as Record<PropertyKey, unknown>)[name];
        },
      },
    );
    new Function("globals", `with (globals) { ${code} }`)(forbidden);
    expect(touched.filter((name) => name !== "core")).toEqual([]);
  });
});

/** What the language itself defines. */
const ES_GLOBALS = Object.fromEntries(
  Object.getOwnPropertyNames(vm.runInContext("globalThis", vm.createContext({}))).map((name) => [
    name,
    (globalThis as Record<string, unknown>)[name],
  ]),
);

describe.each(["testing/index.ts", "otel/index.ts"])("%s", (entry) => {
  it("brings nothing from outside", async () => {
    const { imports, modules } = await bundleEntry(entry);
    expect(imports).toEqual([]);
    expect(modules.every((module) => module.startsWith("src/"))).toBe(true);
  });
});

const PROGRAM = `
  async function program() {
    const replies = {
      Upsert: { upserted: 1 },
      Search: { results: [{ id: "a", score: 0, payload: {}, vector: new Float32Array() }] },
    };
    const transport = {
      capabilities: {
        name: "fake", endpoint: "here", streaming: false,
        maxSendBytes: 1000, maxReceiveBytes: 1000, insecure: false,
      },
      async unary({ method }) {
        if (method.name in replies) return { message: replies[method.name], metadata: {} };
        throw new core.TransportFailure("NOT_FOUND", "no " + method.name);
      },
      async *serverStream() {},
      async close() {},
    };
    const client = new core.VectronClient(transport, { apiKey: "some-token" });
    const upserted = await client.upsert("docs", [{ id: "a", vector: [1], payload: { k: "ü" } }]);
    const [hit] = await client.search("docs", { vector: [1] });
    const nameOf = (work) => work.then(() => "none", (error) => error.name);
    const missing = await nameOf(client.get("docs", "b"));
    await client.close();
    const closed = await nameOf(client.get("docs", "b"));
    return ["upserted " + upserted, "found " + hit.id, missing, closed].join(", ");
  }
`;
