import { once } from "node:events";
import { type AddressInfo, connect as connectSocket, createServer } from "node:net";
import { vectronService as rpc } from "@vectron/core/wire";
import { afterEach, describe, expect, it } from "vitest";
import { startServer } from "../../src/index.ts";
import { GrpcServer } from "../../src/server/grpc/grpc-server.ts";
import { resolveServerOptions } from "../../src/server/resolve-options.ts";
import { expectFailure, searchRequest } from "../support/calls.ts";
import { HeldBackend, nextAbort } from "../support/held-backend.ts";
import { RawClient } from "../support/raw-client.ts";
import { surroundings } from "../support/surroundings.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startHeld() {
  const backend = new HeldBackend();
  const server = await GrpcServer.listen(resolveServerOptions({}), surroundings(), backend);
  cleanups.push(() => server.close(0));
  return { backend, server, client: newClient(`127.0.0.1:${server.port}`) };
}

function newClient(address: string): RawClient {
  const client = new RawClient(address);
  cleanups.push(() => client.close());
  return client;
}

describe("a call's", () => {
  it("deadline and headers reach the back end", async () => {
    const { backend, client } = await startHeld();
    const deadline = Date.now() + 30_000;
    const metadata = { authorization: "Bearer x", "x-request-id": "id-1" };
    const pending = client.unary(rpc.listCollections, {}, { deadline, metadata });
    await backend.nextCall();
    backend.release();
    expect(await pending).toEqual({ collections: ["held"] });
    const [call] = backend.calls;
    expect(call!.headers).toMatchObject(metadata);
    expect(call!.deadline).toBeGreaterThan(deadline - 5_000);
    expect(call!.deadline).toBeLessThan(deadline + 5_000);
    expect(call!.method).toBe(rpc.listCollections);
  });

  it("missing deadline is infinite", async () => {
    const { backend, client } = await startHeld();
    backend.release();
    await client.unary(rpc.listCollections, {});
    expect(backend.calls[0]!.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it("deadline cancels it in the back end", async () => {
    const { backend, client } = await startHeld();
    const pending = client.unary(rpc.listCollections, {}, { deadline: Date.now() + 1_000 });
    await expectFailure(pending, "DEADLINE_EXCEEDED", /./);
    await nextAbort(backend.calls[0]!);
  });

  it("cancellation reaches the back end, from a stream too", async () => {
    const { backend, client } = await startHeld();
    for (const start of [
      (signal: AbortSignal) => client.unary(rpc.listCollections, {}, { signal }),
      (signal: AbortSignal) => client.searchStream(searchRequest(), { signal }),
    ]) {
      const controller = new AbortController();
      const pending = start(controller.signal);
      pending.catch(() => undefined);
      const call = await backend.nextCall();
      controller.abort();
      await expectFailure(pending, "CANCELLED", /./);
      await nextAbort(call);
    }
  });

  it("connection that breaks cancels it in the back end", async () => {
    const { backend, server } = await startHeld();
    // A relay, so that the connection can be broken without a word.
    const relay = createServer((inbound) => {
      const outbound = connectSocket(server.port, "127.0.0.1");
      inbound.pipe(outbound).pipe(inbound);
      for (const socket of [inbound, outbound]) socket.on("error", () => undefined);
      cleanups.push(() => inbound.destroy());
      broken = () => {
        inbound.destroy();
        outbound.destroy();
      };
    });
    let broken: () => void = () => undefined;
    relay.listen(0, "127.0.0.1");
    await once(relay, "listening");
    cleanups.push(() => relay.close());
    const client = newClient(`127.0.0.1:${(relay.address() as AddressInfo).port}`);
    const pending = client.unary(rpc.listCollections, {});
    pending.catch(() => undefined);
    await backend.nextCall();
    broken();
    await nextAbort(backend.calls[0]!);
    await expectFailure(pending, "UNAVAILABLE", /./);
  });
});

describe("close", () => {
  it("lets calls in flight finish and refuses new ones", async () => {
    const { backend, server, client } = await startHeld();
    const pending = client.unary(rpc.listCollections, {});
    await backend.nextCall();
    const closed = server.close(60_000);
    const late = newClient(`127.0.0.1:${server.port}`).unary(rpc.listCollections, {});
    await expectFailure(late, "UNAVAILABLE", /./);
    const onOldConnection = client.unary(rpc.listCollections, {});
    await expectFailure(onOldConnection, "UNAVAILABLE", /./);
    backend.release();
    expect(await pending).toEqual({ collections: ["held"] });
    await closed;
    expect(backend.calls).toHaveLength(1);
  });

  it("cuts off what has not ended in time", async () => {
    const { backend, server, client } = await startHeld();
    const pending = client.unary(rpc.listCollections, {});
    pending.catch(() => undefined);
    await backend.nextCall();
    await server.close(20);
    await nextAbort(backend.calls[0]!);
    await expect(pending).rejects.toMatchObject({ code: expect.stringMatching(/^(CANCELLED|UNAVAILABLE)$/) });
  });

  it("frees the port, with idle connections open, and may be called twice", async () => {
    const server = await startServer();
    const client = newClient(server.grpcAddress);
    await client.unary(rpc.listCollections, {});
    await Promise.all([server.close(), server.close()]);
    await server.close();
    const next = await startServer({ grpcPort: server.grpcPort });
    await next.close();
    await expectFailure(client.unary(rpc.listCollections, {}), "UNAVAILABLE", /./);
  });
});
