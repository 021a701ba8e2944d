import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  Health,
  type HealthCheckResponse,
  type HealthListResponse,
  HealthCheckResponse_ServingStatus as Status,
} from "../../src/server/grpc/gen/grpc/health/v1/health_pb.ts";
import { protobufService } from "../../src/server/grpc/protobuf-service.ts";
import { startBoth } from "../support/http.ts";

const SERVICE = "vectron.v1.VectronService";
const rpc = protobufService(Health);

function unary<O>(client: Client, name: "check" | "list", request: object): Promise<O> {
  const { path, requestSerialize, responseDeserialize } = rpc[name]!;
  const schema = Health.method[name].input;
  return new Promise((resolve, reject) => {
    const message = { $typeName: schema.typeName, ...request };
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, (error, reply) =>
      error === null ? resolve(reply as O) : reject(error),
    );
  });
}

/** Statuses as they come, and in the end what ended the call. */
function watch(client: Client, service: string) {
  const { path, requestSerialize, responseDeserialize } = rpc.watch!;
  const message = { $typeName: Health.method.watch.input.typeName, service };
  const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message);
  const ended = new Promise<ServiceError>((resolve) => call.once("error", resolve));
  const statuses = call[Symbol.asyncIterator]();
  const next = async () => ((await statuses.next()).value as HealthCheckResponse).status;
  return { call, next, ended };
}

async function start(options: Parameters<typeof startBoth>[0] = {}) {
  const { server } = await startBoth(options);
  const client = new Client(server.grpcAddress, credentials.createInsecure(), { "grpc.enable_retries": 0 });
  onTestFinished(() => client.close());
  return { server, client };
}

describe("the health service", () => {
  it("answers everybody, with or without a token", async () => {
    const { client } = await start({ apiKey: "secret", rateLimit: 1 });
    for (const service of ["", SERVICE, ""]) {
      expect((await unary<HealthCheckResponse>(client, "check", { service })).status).toBe(Status.SERVING);
    }
    const { statuses } = await unary<HealthListResponse>(client, "list", {});
    expect(Object.keys(statuses).sort()).toEqual(["", SERVICE]);
    expect(statuses[SERVICE]?.status).toBe(Status.SERVING);
  });

  it.each(["vectron.v2", "__proto__", "constructor", "x".repeat(60_000)])(
    "knows nothing of %.20s",
    async (service) => {
      const { client } = await start();
      await expect(unary(client, "check", { service })).rejects.toMatchObject({ code: 5 });
      const { call, next } = watch(client, service);
      expect(await next()).toBe(Status.SERVICE_UNKNOWN);
      call.on("error", () => undefined);
      call.cancel();
    },
  );

  it("tells those who watch that the server drains, and does not keep it from ending", async () => {
    const { server, client } = await start({ drainTimeoutMs: 2 ** 31 - 1 });
    const watches = [watch(client, ""), watch(client, SERVICE), watch(client, "unknown")];
    const first = await Promise.all(watches.map(({ next }) => next()));
    expect(first).toEqual([Status.SERVING, Status.SERVING, Status.SERVICE_UNKNOWN]);
    const ends = watches.map(({ ended }) => ended);
    const second = watches.slice(0, 2).map(({ next }) => next());
    await server.close();
    expect(await Promise.all(second)).toEqual([Status.NOT_SERVING, Status.NOT_SERVING]);
    for (const { next } of watches) await next().catch(() => undefined);
    for (const end of await Promise.all(ends)) {
      expect(end).toMatchObject({ code: 14, details: "the server is shutting down" });
    }
  });

  it("is not there in strict parity, as on a stock server", async () => {
    const { client } = await start({ strictParity: true });
    await expect(unary(client, "check", { service: "" })).rejects.toMatchObject({ code: 12 });
  });
});
