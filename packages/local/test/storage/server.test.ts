import { vectronService } from "@vectron/core/wire";
import { afterEach, expect, it } from "vitest";
import { startServer, type VectronServer } from "../../src/index.ts";
import { createRequest, point } from "../support/calls.ts";
import { RawClient } from "../support/raw-client.ts";
import { temporaryDirectory } from "./support/directories.ts";

let server: VectronServer | undefined;
let client: RawClient | undefined;

afterEach(async () => {
  client?.close();
  await server?.close();
});

async function start(options: Parameters<typeof startServer>[0]): Promise<RawClient> {
  client?.close();
  server = await startServer(options);
  client = new RawClient(server.grpcAddress);
  return client;
}

it.each([false, true])(
  "a server on a directory goes on after a restart, strictParity %s",
  async (strictParity) => {
    const path = temporaryDirectory();
    const first = await start({ path, durability: "relaxed" });
    await first.unary(vectronService.createCollection, createRequest());
    const points = [point("a", [1, 2], { lang: "en" })];
    await first.unary(vectronService.upsert, { collection: "docs", points });
    await server!.close();
    const second = await start({ path, strictParity });
    expect(await second.unary(vectronService.listCollections, {})).toEqual({ collections: ["docs"] });
    if (strictParity) return;
    expect(await second.unary(vectronService.get, { collection: "docs", id: "a" })).toEqual({
      point: points[0],
    });
  },
);

it("a server's storage options are checked", async () => {
  await expect(startServer({ durability: "sync" })).rejects.toThrow(/durability needs path/);
  const path = temporaryDirectory();
  await expect(startServer({ path, upstream: "127.0.0.1:1" })).rejects.toThrow(/leave it out with upstream/);
});

it("a server that cannot listen leaves the directory to others", async () => {
  const path = temporaryDirectory();
  await start({});
  await expect(startServer({ path, grpcPort: server!.grpcPort })).rejects.toThrow(/cannot listen/);
  await server!.close();
  await start({ path });
});
