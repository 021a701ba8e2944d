import type { ServerHttp2Stream } from "node:http2";
import { startFaultProxy } from "@vectron/fixtures";
import { expect, onTestFinished, test } from "vitest";
import type { GrpcTransportOptions, TransportSettings } from "../src/transport-options.ts";
import { createTransport, unaryCall } from "./support/client.ts";
import { defer } from "./support/deferred.ts";
import { startHttp2Server } from "./support/http2-server.ts";
import { startServer } from "./support/server.ts";

// The options allow no less than 10 seconds, so these tests change what is made of them.
const OFTEN: Partial<TransportSettings> = { keepaliveTimeMs: 40 };

test("a connection with a call under way is tested with pings", async () => {
  const server = await startHttp2Server(() => {});
  holdCall({ host: server.address }, OFTEN);
  await server.waitForPings(3);
});

test("with Infinity it is not", async () => {
  const untested = await startHttp2Server(() => {});
  const tested = await startHttp2Server(() => {});
  holdCall({ host: untested.address, keepaliveTimeMs: Number.POSITIVE_INFINITY });
  holdCall({ host: tested.address }, OFTEN);
  await tested.waitForPings(4);
  expect(untested.pingCount).toBe(0);
});

test("a connection without calls is tested only if the option says so", async () => {
  const untested = await startHttp2Server(refuse);
  const tested = await startHttp2Server(refuse);
  const transports = [
    createTransport({ host: untested.address }, OFTEN),
    createTransport({ host: tested.address, keepalivePermitWithoutCalls: true }, OFTEN),
  ];
  for (const transport of transports) await transport.unary(unaryCall("connect")).catch(() => {});
  await tested.waitForPings(4);
  expect(untested.pingCount).toBe(0);
});

test("a ping that stays unanswered ends the calls on its connection", async () => {
  const arrival = defer<void>();
  const server = await startServer({ unary: () => arrival.resolve() });
  const forwarder = await startFaultProxy({ port: server.port });
  onTestFinished(() => forwarder.close());
  const transport = createTransport({ host: forwarder.address, keepaliveTimeoutMs: 60 }, OFTEN);
  const call = transport.unary(unaryCall("x", { deadline: Date.now() + 60_000 }));
  await arrival.promise;
  forwarder.freeze();
  await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE", requestSent: "unknown" });
});

/** Makes a call that lasts until the test has finished. */
function holdCall(options: GrpcTransportOptions, changes?: Partial<TransportSettings>): void {
  const controller = new AbortController();
  const call = createTransport(options, changes).unary(unaryCall("x", { signal: controller.signal }));
  onTestFinished(async () => {
    controller.abort();
    await call.catch(() => {});
  });
}

function refuse(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "grpc-status": "9" }, { endStream: true });
}
