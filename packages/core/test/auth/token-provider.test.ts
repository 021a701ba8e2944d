import { describe, expect, it } from "vitest";
import { type AbortSignalLike, AuthenticationError, UnavailableError } from "../../src/index.ts";
import { ALWAYS_REPLY, rejection } from "../support.ts";
import { bench, numbering, REFUSED, search, sent } from "./token-bench.ts";

describe("a token provider", () => {
  it("is asked once for as long as its token is good", async () => {
    const { provider, requests } = numbering(
      () => ({}),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    for (let call = 0; call < 5; call++) await search(used);
    await used.clock.advance(1_000_000_000);
    await search(used);
    expect(requests).toHaveLength(1);
    expect(new Set(sent(used))).toEqual(new Set(["token-1"]));
  });

  it("may answer without a promise", async () => {
    const used = bench(ALWAYS_REPLY, { auth: () => ({ token: "some-token" }) });
    await search(used);
    expect(sent(used)).toEqual(["some-token"]);
  });

  it("is asked once for all who wait", async () => {
    const { provider, requests } = numbering(
      () => ({ afterMs: 50 }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    await used.clock.run(Promise.all(Array.from({ length: 20 }, () => search(used))));
    expect(requests).toHaveLength(1);
    expect(sent(used)).toEqual(Array(20).fill("token-1"));
  });

  it("is asked again when its token has expired", async () => {
    const { provider, requests } = numbering(
      () => ({ lifeMs: 1_000 }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    await search(used);
    await used.clock.advance(1_000);
    await search(used);
    expect(sent(used)).toEqual(["token-1", "token-2"]);
    expect(requests.map(({ refused }) => refused)).toEqual([undefined, undefined]);
  });

  it("is asked early, within a fifth of the token's life and a minute, at another time for each client", async () => {
    const earliness = async (seed: number, lifeMs: number) => {
      const { provider, requests } = numbering(
        () => ({ lifeMs }),
        () => used,
      );
      const used = bench(ALWAYS_REPLY, { auth: provider, clock: { seed } });
      await search(used);
      const step = lifeMs / 1_000;
      while (requests.length < 2) {
        await used.clock.advance(step);
        await search(used);
      }
      return lifeMs - used.clock.now();
    };
    const short = await Promise.all(Array.from({ length: 20 }, (_, seed) => earliness(seed, 10_000)));
    for (const early of short) {
      expect(early).toBeLessThanOrEqual(2_000);
      expect(early).toBeGreaterThanOrEqual(1_000 - 10);
    }
    expect(new Set(short).size).toBeGreaterThan(10);
    const long = await Promise.all(Array.from({ length: 5 }, (_, seed) => earliness(seed, 3_600_000)));
    for (const early of long) {
      expect(early).toBeLessThanOrEqual(60_000);
      expect(early).toBeGreaterThanOrEqual(30_000 - 3_600);
    }
  });

  it("that renews early holds up one caller only: the others go on with what is good", async () => {
    const { provider, requests } = numbering(
      (number) => ({ lifeMs: 10_000, afterMs: number === 1 ? 0 : 300 }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    await search(used);
    await used.clock.advance(9_500);
    await used.clock.run(Promise.all([search(used), search(used), search(used)]));
    expect(requests).toHaveLength(2);
    expect(sent(used).sort()).toEqual(["token-1", "token-1", "token-1", "token-2"]);
  });

  it("that fails early is not asked by every call, and the good token is used", async () => {
    const { provider, requests } = numbering(
      (number) => (number === 1 ? { lifeMs: 10_000 } : { fails: new Error("down") }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    await search(used);
    await used.clock.advance(9_000);
    for (let call = 0; call < 100; call++) await search(used);
    expect(requests).toHaveLength(2);
    expect(new Set(sent(used))).toEqual(new Set(["token-1"]));
    await used.clock.advance(600);
    for (let call = 0; call < 100; call++) await search(used);
    expect(requests).toHaveLength(3);
    await used.clock.advance(400);
    await rejection(AuthenticationError, search(used));
  });

  it("that hangs early costs one call half of its time, and no call its success", async () => {
    const used = bench(ALWAYS_REPLY, {
      auth: async ({ signal }) => {
        signals.push(signal);
        return asked++ === 0 ? { token: "token-1", expiresAtMs: 100_000 } : new Promise<never>(() => {});
      },
      timeoutMs: 500,
    });
    const signals: AbortSignalLike[] = [];
    let asked = 0;
    await search(used);
    await used.clock.advance(92_000);
    const before = used.clock.now();
    await used.clock.run(search(used));
    expect(used.clock.now() - before).toBe(250);
    for (let call = 0; call < 10; call++) await search(used);
    expect(used.clock.now() - before).toBe(250);
    expect(asked).toBe(2);
    expect(new Set(sent(used))).toEqual(new Set(["token-1"]));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });
});

describe("a token provider that fails", () => {
  it.each<[string, unknown, string]>([
    [
      "with an error",
      new TypeError("connect ECONNREFUSED"),
      "the token provider failed: connect ECONNREFUSED",
    ],
    ["with a string", "no secret", "the token provider failed: no secret"],
    ["with nothing to read", Object.create(null), "the token provider failed: [object Object]"],
  ])("fails the call with an AuthenticationError and its cause: %s", async (_how, thrown, message) => {
    const used = bench(ALWAYS_REPLY, {
      auth: () => {
        throw thrown;
      },
    });
    const error = await rejection(AuthenticationError, search(used));
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ method: "Search", collection: "docs", attempts: [], retryable: false });
    expect(error.cause).toBe(thrown);
    expect(used.transport.calls).toEqual([]);
  });

  it("is asked again by the next call", async () => {
    const { provider } = numbering(
      (number) => (number === 1 ? { fails: new Error("down") } : {}),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    await rejection(AuthenticationError, search(used));
    await search(used);
    expect(sent(used)).toEqual(["token-2"]);
  });

  it("makes the error retryable where its own error is", async () => {
    const used = bench(ALWAYS_REPLY, {
      auth: () => {
        throw new UnavailableError("the auth service is down", { retryable: true });
      },
    });
    expect((await rejection(AuthenticationError, search(used))).retryable).toBe(true);
  });

  it("fails the call in the words of its own AuthenticationError", async () => {
    const cause = new Error("401");
    const own = new AuthenticationError("no password is set", { cause, retryAfterMs: 5 });
    const used = bench(ALWAYS_REPLY, { auth: () => Promise.reject(own) });
    const error = await rejection(AuthenticationError, search(used));
    expect(error.message).toMatch(/^no password is set \[Search "docs"/);
    expect(error).toMatchObject({ method: "Search", cause, retryAfterMs: 5 });
  });

  it("fails the call, and not with the facts of a call of its own that failed", async () => {
    const own = new AuthenticationError("invalid password", {
      method: "Login",
      requestId: "login-1",
      retryable: true,
      retryAfterMs: 5,
    });
    const used = bench(ALWAYS_REPLY, { auth: () => Promise.reject(own) });
    const error = await rejection(AuthenticationError, search(used));
    expect(error.message).toContain("the token provider failed: invalid password");
    expect(error).toMatchObject({ method: "Search", collection: "docs", retryable: true, retryAfterMs: 5 });
    expect(error.requestId).not.toBe("login-1");
    expect(error.cause).toBe(own);
  });

  it("keeps the attempts of a call whose renewal failed", async () => {
    const { provider } = numbering(
      (number) => (number === 1 ? {} : { fails: new Error("down") }),
      () => used,
    );
    const used = bench(() => REFUSED, { auth: provider });
    const error = await used.clock.run(rejection(AuthenticationError, search(used)));
    expect(error.message).toContain("the token provider failed: down");
    expect(error.attempts).toMatchObject([{ number: 1, code: "UNAUTHENTICATED" }]);
  });
});
