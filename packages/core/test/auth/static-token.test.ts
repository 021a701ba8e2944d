import { describe, expect, it } from "vitest";
import { AuthenticationError, InvalidArgumentError } from "../../src/index.ts";
import { ALWAYS_REPLY, bench as plainBench, rejection } from "../support.ts";
import { bench, REFUSED, search, sent } from "./token-bench.ts";

describe("a static token", () => {
  it.each(["apiKey", "auth"] as const)("is sent with every call: %s", async (option) => {
    const used = bench(ALWAYS_REPLY, { [option]: "some-token" });
    await search(used);
    await used.client.upsert("docs", [{ id: "a", vector: [1] }]);
    expect(sent(used)).toEqual(["some-token", "some-token"]);
  });

  it("is not sent where there is none", async () => {
    const used = bench(ALWAYS_REPLY, {});
    await search(used);
    expect(used.transport.calls[0]?.headers).not.toHaveProperty("authorization");
  });

  it("is not tried again when it is refused", async () => {
    const used = bench([REFUSED], { apiKey: "some-token" });
    const error = await rejection(AuthenticationError, search(used));
    expect(error).toMatchObject({ code: "UNAUTHENTICATED", retryable: false });
    expect(error.message).toMatch(/^invalid or expired token \[Search "docs"/);
  });

  it("that is a raw API key is explained when it is refused", async () => {
    const used = bench([REFUSED], { apiKey: "vkey-0123-4567" });
    const error = await rejection(AuthenticationError, search(used));
    expect(error.message).toContain(
      'the token is a raw API key ("vkey-…"), which a stock gateway never accepts',
    );
    expect(error.message).toContain("auth: sdkToken({ authHost");
    expect(error.message).not.toContain("vkey-0123");
  });
});

describe("tokens that cannot be sent", () => {
  const BAD: readonly [string, unknown][] = [
    ["empty", ""],
    ["a number", 5],
    ["with Bearer before it", "Bearer abc"],
    ["with a line end", "abc\ndef"],
    ["with a blank", "abc def"],
    ["outside ASCII", "schlüssel"],
  ];

  it.each(BAD)("are refused by the constructor, which does not show them: %s", (_what, token) => {
    for (const option of ["apiKey", "auth"]) {
      let error: unknown;
      try {
        plainBench(ALWAYS_REPLY, { [option]: token as string });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(InvalidArgumentError);
      expect((error as Error).message).toContain(option);
      if (typeof token === "string" && token !== "") expect((error as Error).message).not.toContain(token);
    }
  });

  it.each(BAD)("fail the call when a provider returns them: %s", async (_what, token) => {
    const used = bench(ALWAYS_REPLY, { auth: () => token as string });
    const error = await rejection(AuthenticationError, search(used));
    expect(error.message).toContain("the token that the provider returned");
    expect(error.cause).toBeInstanceOf(InvalidArgumentError);
    expect(used.transport.calls).toEqual([]);
  });

  it("may begin like the word", async () => {
    const used = bench(ALWAYS_REPLY, { apiKey: "bearer-of-good-news" });
    await search(used);
    expect(sent(used)).toEqual(["bearer-of-good-news"]);
  });

  it.each([
    ["expiresAtMs", Number.NaN],
    ["expiresAtMs", "tomorrow"],
    ["renewAtMs", Number.NaN],
    ["renewAtMs", new Date(0)],
  ])("fail the call when their time is no number: %s %s", async (name, time) => {
    const used = bench(ALWAYS_REPLY, { auth: () => ({ token: "some-token", [name]: time }) as never });
    const error = await rejection(AuthenticationError, search(used));
    expect(error.message).toContain(name);
  });

  it("cannot come from two options", () => {
    expect(() => plainBench(ALWAYS_REPLY, { apiKey: "a-token", auth: "a-token" })).toThrow(
      "both apiKey and auth",
    );
  });
});
