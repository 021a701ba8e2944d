import { describe, expect, it } from "vitest";
import {
  DeadlineExceededError,
  type ErrorCode,
  InternalServerError,
  ResourceExhaustedError,
  type RetryOptions,
  STATUS_CODES,
  UnavailableError,
  type VectronClient,
  VectronError,
} from "../../src/index.ts";
import { type FailOptions, fail, reply } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, QUERY, rejection } from "../support.ts";
import { starts } from "./retry-pace.ts";

const FAILURES = STATUS_CODES.filter((code): code is ErrorCode => code !== "OK");

const RETRIED: readonly ErrorCode[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"];

describe("codes", () => {
  it.each(FAILURES.filter((code) => !RETRIED.includes(code)))("%s is not retried", async (code) => {
    const { clock, client, transport } = bench([fail(code, { message: "no" })]);
    const error = await clock.run(rejection(VectronError, client.search("docs", QUERY)));
    expect(error).toMatchObject({ code, retryable: code === "ABORTED" });
    expect(transport.calls).toHaveLength(1);
  });

  it.each(RETRIED)("%s is retried", async (code) => {
    const { clock, client, transport } = bench([fail(code), reply()]);
    await clock.run(client.search("docs", QUERY));
    expect(transport.calls).toHaveLength(2);
  });

  it("are the client's to choose", async () => {
    const { clock, client, transport } = bench([fail("ABORTED"), reply(), fail("UNAVAILABLE")], {
      retry: { codes: ["ABORTED"] },
    });
    await clock.run(client.search("docs", QUERY));
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(transport.calls).toHaveLength(3);
  });

  it("never include a message that is too large, whatever was chosen", async () => {
    const texts = [
      "grpc: received message larger than max (300000000 vs. 268435456)",
      "Received message larger than max (5000000 vs 4194304)",
      "Attempted to send message with a size larger than 4194304",
      "Received message that decompresses to a size larger than 4194304",
      "trying to send message larger than max (300 vs. 200)",
      "message size 300 is larger than configured readMaxBytes 200",
    ];
    for (const message of texts) {
      const { clock, client, transport } = bench([fail("RESOURCE_EXHAUSTED", { message })]);
      const error = await clock.run(rejection(ResourceExhaustedError, client.search("docs", QUERY)));
      expect(error).toMatchObject({ retryable: false });
      expect(transport.calls).toHaveLength(1);
    }
  });
});

describe("attempts", () => {
  it("are 3 at most unless something else is said", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE", { message: "down" }));
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(transport.calls).toHaveLength(3);
    expect(error.message).toMatch(/^down \[Search "docs", request \S+, 3 attempts\]$/);
    expect(error.attempts.map(({ number, code }) => [number, code])).toEqual([
      [1, "UNAVAILABLE"],
      [2, "UNAVAILABLE"],
      [3, "UNAVAILABLE"],
    ]);
    expect(error.retryable).toBe(true);
  });

  it.each([1, 2, 5])("are %d when that is said", async (maxAttempts) => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"), { retry: { maxAttempts } });
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(transport.calls).toHaveLength(maxAttempts);
  });

  it("can be changed for one call, the other options staying the client's", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"), {
      retry: { maxAttempts: 2, initialDelayMs: 7, jitter: 0 },
    });
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY, { retry: { maxAttempts: 3 } })));
    expect(starts(transport)).toEqual([0, 7, 21]);
  });

  it("repeat the same request, with the same headers but for a new token", async () => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE"), reply()], { apiKey: "some-token" });
    await clock.run(client.search("docs", QUERY, { headers: { "X-Team": "search" } }));
    const [first, second] = transport.calls;
    expect(second?.message).toStrictEqual(first?.message);
    expect(second?.headers).toEqual(first?.headers);
    expect(first?.headers["x-team"]).toBe("search");
  });
});

describe("calls that are not idempotent", () => {
  const feedback = { collection: "docs", items: [{ resultId: "a", relevanceScore: 1 }] };
  const send = (client: VectronClient, retry?: RetryOptions) =>
    client.submitFeedback(feedback, retry && { retry });

  it.each<[string, FailOptions]>([
    ["the request was sent", { requestSent: "yes" }],
    ["it is unknown whether it was", { requestSent: "unknown" }],
  ])("are not repeated when %s", async (_when, options) => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE", options)]);
    const error = await clock.run(rejection(UnavailableError, send(client)));
    expect(error.retryable).toBe(false);
    expect(transport.calls).toHaveLength(1);
  });

  it("are repeated when nothing was sent", async () => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE", { requestSent: "no" }), reply()]);
    expect(await clock.run(send(client))).toBe("feedback-1");
    expect(transport.calls).toHaveLength(2);
  });

  it("say that a repetition is harmless when nothing was ever sent", async () => {
    const { clock, client } = bench(() => fail("UNAVAILABLE", { requestSent: "no" }));
    expect((await clock.run(rejection(UnavailableError, send(client)))).retryable).toBe(true);
  });

  it.each(["nonIdempotent", "retryOnWrites"] as const)("are repeated when %s says so", async (option) => {
    const opted = bench([fail("UNAVAILABLE"), reply()], { retry: { [option]: true } });
    await opted.clock.run(send(opted.client));
    expect(opted.transport.calls).toHaveLength(2);

    const perCall = bench([fail("UNAVAILABLE"), reply()]);
    await perCall.clock.run(send(perCall.client, { [option]: true }));
    expect(perCall.transport.calls).toHaveLength(2);

    const optedOut = bench([fail("UNAVAILABLE")], { retry: { nonIdempotent: true } });
    await optedOut.clock.run(rejection(UnavailableError, send(optedOut.client, { [option]: false })));
    expect(optedOut.transport.calls).toHaveLength(1);
  });

  it.each<[string, (client: VectronClient) => Promise<unknown>]>([
    ["Upsert", (client) => client.upsert("docs", [{ id: "a", vector: [1] }])],
    ["Delete", (client) => client.delete("docs", "a")],
    ["UpdateUserProfile", (client) => client.updateUserProfile({ plan: "free" })],
  ])("are not among them: %s", async (_name, call) => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE", { requestSent: "yes" }), reply()]);
    await clock.run(call(client));
    expect(transport.calls).toHaveLength(2);
  });
});

describe("without faults", () => {
  it("a call is one attempt", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.search("docs", QUERY);
    expect(transport.calls).toHaveLength(1);
  });

  it("other codes of the server reach the caller as they are", async () => {
    const { clock, client } = bench([fail("INTERNAL", { message: "disk full" })]);
    const error = await clock.run(rejection(InternalServerError, client.search("docs", QUERY)));
    expect(error.message).toContain("disk full");
    expect(error.retryable).toBe(false);
  });

  it("a DEADLINE_EXCEEDED of the server is told when its attempts are spent", async () => {
    const { clock, client, transport } = bench(() => fail("DEADLINE_EXCEEDED", { message: "too slow" }));
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(error.message).toContain("too slow");
    expect(transport.calls).toHaveLength(3);
  });
});
