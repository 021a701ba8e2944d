import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { VectronClient } from "@vectron/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileChild } from "../storage/support/child.ts";
import { temporaryDirectory } from "../storage/support/directories.ts";
import { Draw } from "./support/draw.ts";
import { frameRequest } from "./support/frame-requests.ts";
import { grpcCall } from "./support/grpc-requests.ts";
import {
  type HostileRequest,
  httpRequest,
  MAX_MESSAGE_BYTES,
  slowRequest,
  TOKEN,
} from "./support/http-requests.ts";
import { GrpcSender } from "./support/send-grpc.ts";
import { sendHttp } from "./support/send-http.ts";
import { type Memory, ServerChild } from "./support/server-child.ts";

const HEAVY = process.env.VECTRON_HEAVY !== undefined;
const REQUESTS = Number(process.env.VECTRON_HOSTILE_REQUESTS ?? (HEAVY ? 100_000 : 800));
const SEED = Number(process.env.VECTRON_SEED ?? Math.floor(Math.random() * 2 ** 31));
const CLIENTS = 24;
const MIB = 1024 * 1024;

let program: string;
let server: ServerChild | undefined;

beforeAll(async () => {
  program = await compileChild("serve", "hostile");
});

afterAll(async () => {
  await server?.stop("SIGKILL");
});

/** Sends one request of any kind; what is wrong with what came of it, and what it was. */
async function sendOne(draw: Draw, grpc: GrpcSender, count: (kind: string) => void) {
  const { httpPort, grpcPort } = server!;
  const over = async (port: number, side: string, request: HostileRequest) => {
    count(`${side}: ${request.kind}`);
    return [request.kind, await sendHttp(port, request)] as const;
  };
  // Those that are slow hold a client for as long as the server lets them.
  if (draw.chance(0.002)) return over(httpPort, "http", slowRequest(draw));
  if (draw.chance(0.5)) return over(httpPort, "http", httpRequest(draw));
  if (draw.chance(0.08)) return over(grpcPort, "frames", frameRequest(draw));
  const call = grpcCall(draw);
  count(`grpc: ${call.kind}`);
  return [call.kind, await grpc.send(call)] as const;
}

async function storm(seed: number, requests: number) {
  const kinds = new Map<string, number>();
  const wrong: string[] = [];
  let sent = 0;
  const client = async (number: number) => {
    const draw = new Draw(seed + number);
    const grpc = new GrpcSender(server!.grpcPort);
    while (sent < requests && wrong.length < 20) {
      sent++;
      const [kind, problem] = await sendOne(draw, grpc, (name) =>
        kinds.set(name, (kinds.get(name) ?? 0) + 1),
      );
      if (problem !== undefined) wrong.push(`${kind}: ${problem}`);
    }
    grpc.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return { kinds, wrong };
}

const held = ({ heapUsed, external }: Memory) => heapUsed + external;

it(
  `${REQUESTS} hostile requests get the right answer each, and leave the server as it was`,
  async () => {
    const path = join(temporaryDirectory(), "data");
    const options = { path, durability: "relaxed", httpPort: 0, apiKey: TOKEN } as const;
    const limits = {
      maxMessageBytes: MAX_MESSAGE_BYTES,
      requestTimeoutMs: 1_000,
      keepaliveTimeMs: 500,
      keepaliveTimeoutMs: 500,
    };
    server = await ServerChild.start(program, { ...options, ...limits });
    const client = new VectronClient({ host: `127.0.0.1:${server.grpcPort}`, apiKey: TOKEN });
    await client.createCollection({ name: "docs", dimension: 2, distance: "euclidean" });
    const files = readdirSync(path).sort();
    const warmUp = await storm(SEED + 1_000, Math.min(REQUESTS, 5_000) / 5);
    expect(warmUp.wrong, `seed ${SEED}`).toEqual([]);

    const before = await server.memory();
    const startMs = performance.now();
    const { kinds, wrong } = await storm(SEED, REQUESTS);
    const seconds = (performance.now() - startMs) / 1_000;
    const after = await server.memory();

    expect(wrong, `seed ${SEED}`).toEqual([]);
    expect(server.isAlive).toBe(true);
    expect(server.errors).toBe("");
    expect(await client.listCollections()).toEqual(["docs"]);
    await client.upsert("docs", [{ id: "last", vector: [1_000, 1_000] }]);
    expect((await client.search("docs", { vector: [1_000, 1_000], topK: 1 }))[0]).toMatchObject({
      id: "last",
      score: 0,
    });
    await client.close();
    expect(readdirSync(path).sort()).toEqual(files);
    expect(readdirSync(dirname(path))).toEqual(["data"]);
    const report = { seed: SEED, requests: REQUESTS, kinds: kinds.size, seconds, before, after };
    console.log(`hostile input: ${JSON.stringify(report)}`);
    // What a request leaves behind would add up: even 200 bytes each are 20 MB after 100,000.
    expect(held(after) - held(before), `seed ${SEED}`).toBeLessThan(16 * MIB);
    expect(after.rss, `seed ${SEED}`).toBeLessThan(600 * MIB);
    expect(await server.stop("SIGTERM")).toBe(0);
  },
  120_000 + REQUESTS * 20,
);
