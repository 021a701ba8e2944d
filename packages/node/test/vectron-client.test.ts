import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { VectronClient as CoreVectronClient } from "@vectron/core";
import type { SearchResponse } from "@vectron/core/wire";
import { refusedAddress } from "@vectron/fixtures";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as api from "../src/index.ts";
import {
  InvalidArgumentError,
  UnavailableError,
  VectronClient,
  type VectronClientOptions,
} from "../src/index.ts";
import { startTcpServer } from "./support/tcp-server.ts";
import { startSearchServer } from "./support/vectron-server.ts";

const hit: SearchResponse = {
  results: [{ id: "a", score: 0.25, payload: { lang: "en" }, vector: new Float32Array([1, 2]) }],
};

function createClient(options: VectronClientOptions): VectronClient {
  const client = new VectronClient(options);
  onTestFinished(() => client.close());
  return client;
}

test("transport options and the client's own stand side by side", async () => {
  const server = await startSearchServer(() => [hit]);
  const client = createClient({
    host: server.address,
    apiKey: "secret",
    timeoutMs: 5_000,
    compression: "gzip",
    userAgent: "my-service/1",
    headers: { "x-team": "search" },
  });
  const results = await client.search("docs", { vector: [1, 2], topK: 3 });
  expect(results).toMatchObject([{ id: "a", score: 0.25, payload: { lang: "en" } }]);
  const [search] = server.searches;
  expect(search?.request).toMatchObject({ collection: "docs", topK: 3, vector: new Float32Array([1, 2]) });
  const metadata = search?.metadata.getMap();
  expect(metadata).toMatchObject({ authorization: "Bearer secret", "x-team": "search" });
  expect(metadata?.["user-agent"]).toMatch(/^my-service\/1 vectron-node\//);
});

test("making a client opens no connection", async () => {
  const accepted: number[] = [];
  const server = await startTcpServer((socket) => accepted.push(socket.remotePort ?? 0));
  createClient({ host: server.address, apiKey: "token" });
  // Connections are accepted in the order in which they come: one of the client's would be before this one.
  const own = connect(server.port, "127.0.0.1");
  onTestFinished(() => void own.destroy());
  await once(own, "connect");
  await vi.waitFor(() => expect(accepted).toContain(own.localPort));
  expect(accepted).toEqual([own.localPort]);
});

test("a streamed search yields each snapshot", async () => {
  const server = await startSearchServer(() => [{ results: [] }, hit]);
  const client = createClient({ host: server.address });
  const snapshots: number[] = [];
  for await (const results of client.searchStream("docs", { vector: [1, 2] })) snapshots.push(results.length);
  expect(snapshots).toEqual([0, 1]);
});

test("no server at all is an UnavailableError that says why", async () => {
  const client = createClient({ host: await refusedAddress(), retry: { maxAttempts: 2 } });
  const error = await client.listCollections().catch((reason) => reason);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toContain("ECONNREFUSED");
  expect(error.attempts).toHaveLength(2);
});

test("a client is one of the core's, and its errors are the core's", () => {
  const client = createClient({ host: "localhost" });
  expect(client).toBeInstanceOf(CoreVectronClient);
  expect(api).toHaveProperty("NotFoundError");
});

describe("refused by name:", () => {
  test.each<[unknown, RegExp]>([
    [{ host: "localhost", hots: "x" }, /no option "hots"/],
    [{ host: "" }, /^host must be an address/],
    [{}, /^host must be an address/],
    [{ host: "http://localhost:8081" }, /^host must be .*without a URL scheme/],
    [{ host: "localhost", apiKey: "a", auth: "b" }, /apiKey and auth/],
  ])("%j", (options, message) => {
    const create = () => new VectronClient(options as VectronClientOptions);
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(message);
  });
});

describe("a program ends by itself", () => {
  test.each(["idle", "used", "failed", "left-stream"])("with an open client that is %s", async (scenario) => {
    const server = await startSearchServer(() => [hit, hit]);
    const program = fileURLToPath(new URL("./fixtures/unclosed-client.mjs", import.meta.url));
    const address = scenario === "failed" ? await refusedAddress() : server.address;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, scenario, address]);
    expect(stdout).toBe(`${scenario}\n`);
    expect(stderr).toBe("");
  });
});
