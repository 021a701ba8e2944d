import { describe, expect, it } from "vitest";
import { InternalServerError, type Transport, UnimplementedError, VectronClient } from "../../src/index.ts";
import { crash, stream, VirtualClock } from "../../src/testing/index.ts";
import { TransportFailure } from "../../src/transport/transport-failure.ts";
import { bench, collect, QUERY, rejection } from "../support.ts";

const THROWN: readonly (readonly [string, unknown, string])[] = [
  ["an error", new TypeError("oops"), "the transport failed: TypeError: oops"],
  ["a string", "oops", "the transport failed: oops"],
  ["an object without a text", Object.create(null), "the transport failed: [object Object]"],
];

describe("a transport that throws something that is no TransportFailure", () => {
  it.each(THROWN)("fails the call as INTERNAL: %s", async (_what, thrown, message) => {
    const { client } = bench([crash(thrown)]);
    const error = await rejection(InternalServerError, client.search("docs", QUERY));
    expect(error.message).toContain(message);
    expect(error.cause).toBe(thrown);
    expect(error.attempts).toMatchObject([{ number: 1, code: "INTERNAL", requestSent: "unknown" }]);
    expect(JSON.stringify(error)).toContain("INTERNAL");
  });

  it.each(THROWN)("fails a stream as INTERNAL: %s", async (_what, thrown, message) => {
    const { client } = bench([crash(thrown)]);
    const error = await rejection(InternalServerError, collect(client.searchStream("docs", QUERY)));
    expect(error.message).toContain(message);
    expect(error.cause).toBe(thrown);
  });

  it("fails a reply that a script cannot make", async () => {
    const { client } = bench([stream([])]);
    await rejection(InternalServerError, client.search("docs", QUERY));
  });
});

describe("a transport that throws where it should reject", () => {
  const throwing = (error: unknown): Transport => ({
    capabilities: {
      name: "broken",
      endpoint: "nowhere",
      streaming: false,
      maxSendBytes: 1_000,
      maxReceiveBytes: 1_000,
      insecure: false,
    },
    unary: () => {
      throw error;
    },
    serverStream: () => {
      throw error;
    },
    close: async () => {},
  });

  it("fails a unary call with its attempt", async () => {
    const client = new VectronClient(throwing(new RangeError("no")), {}, new VirtualClock());
    const error = await rejection(InternalServerError, client.search("docs", QUERY));
    expect(error.attempts).toMatchObject([{ number: 1, code: "INTERNAL" }]);
  });

  it("fails a stream with its attempt", async () => {
    const failure = new TransportFailure("UNIMPLEMENTED", "no streams here", { requestSent: "no" });
    const client = new VectronClient(throwing(failure), {}, new VirtualClock());
    const error = await rejection(UnimplementedError, collect(client.searchStream("docs", QUERY)));
    expect(error.attempts).toMatchObject([{ number: 1, code: "UNIMPLEMENTED", requestSent: "no" }]);
  });
});
