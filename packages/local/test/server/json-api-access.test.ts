import { vectronService as rpc } from "@vectron/core/wire";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { expectFailure } from "../support/calls.ts";
import { ask, startBoth } from "../support/http.ts";
import { RawClient } from "../support/raw-client.ts";

describe("authentication over HTTP", () => {
  const REFUSALS: [what: string, headers: Record<string, string>, text: string][] = [
    ["no header", {}, "missing Authorization header"],
    ["the prefix alone", { Authorization: "Bearer" }, "invalid Authorization format"],
    ["another token", { Authorization: "Bearer wrong" }, "invalid or expired token"],
    ["another header", { "X-API-Key": "secret" }, "missing Authorization header"],
  ];

  it.each(REFUSALS)("refuses %s, before the body is read", async (_what, headers, text) => {
    const { url } = await startBoth({ apiKey: "secret", maxMessageBytes: 1_000 });
    for (const body of ["{}", "no JSON", "x".repeat(1_000_000)]) {
      const answer = await ask(`${url}/v1/collections`, { method: "POST", body, headers });
      expect(answer).toMatchObject({ status: 401, body: `{"code":16,"message":"${text}","details":[]}` });
      expect(answer.headers.get("www-authenticate")).toBe(text);
    }
  });

  it.each([
    ["Authorization", "Bearer secret"],
    ["Authorization", "secret"],
    ["Grpc-Metadata-Authorization", "Bearer secret"],
  ])("accepts %s: %s", async (name, value) => {
    const { url } = await startBoth({ apiKey: "secret" });
    expect((await ask(`${url}/v1/collections`, { headers: { [name]: value } })).status).toBe(200);
  });

  it("is not asked where there is no call", async () => {
    const { url } = await startBoth({ apiKey: "secret" });
    expect((await ask(`${url}/nope`)).status).toBe(404);
    expect((await ask(`${url}/v1/collections`, { method: "DELETE" })).status).toBe(501);
  });
});

it("the rate limit counts the calls of both sides", async () => {
  const { server, url } = await startBoth({ rateLimit: 3 });
  const client = new RawClient(server.grpcAddress);
  onTestFinished(() => client.close());
  // The second of the limit's window does not pass.
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  await client.unary(rpc.listCollections, {});
  expect((await ask(`${url}/v1/collections`)).status).toBe(200);
  await client.unary(rpc.listCollections, {});
  expect(await ask(`${url}/v1/collections`)).toMatchObject({
    status: 429,
    body: '{"code":8,"message":"rate limit of 3 RPS exceeded","details":[]}',
  });
  await expectFailure(
    client.unary(rpc.listCollections, {}),
    "RESOURCE_EXHAUSTED",
    "rate limit of 3 RPS exceeded",
  );
});
