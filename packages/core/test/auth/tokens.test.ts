import { describe, expect, it } from "vitest";
import {
  type AbortSignalLike,
  AuthenticationError,
  CancelledError,
  DeadlineExceededError,
  InvalidArgumentError,
  type TokenProvider,
  type TokenRequest,
  UnavailableError,
} from "../../src/index.ts";
import { fail, reply, type Script } from "../../src/testing/index.ts";
import {
  ALWAYS_REPLY,
  type Bench,
  type BenchOptions,
  bench as plainBench,
  QUERY,
  rejection,
} from "../support.ts";

/** A bench whose transport keeps the tokens that it was sent. */
const bench = (script: Script, options: BenchOptions) =>
  plainBench(script, { ...options, transport: { keepToken: true, ...options.transport } });

const sent = ({ transport }: Bench) =>
  transport.calls.map(({ headers }) => headers.authorization?.slice("Bearer ".length));

const search = ({ client }: Bench) => client.search("docs", QUERY);

const REFUSED = fail("UNAUTHENTICATED", { message: "invalid or expired token" });

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

/** A provider that numbers its tokens, and what it was asked. */
function numbering(
  make: (number: number) => { afterMs?: number; lifeMs?: number; fails?: unknown },
  bench: () => Bench,
): { readonly provider: TokenProvider; readonly requests: TokenRequest[] } {
  const requests: TokenRequest[] = [];
  return {
    requests,
    provider: async (request) => {
      requests.push(request);
      const number = requests.length;
      const { afterMs = 0, lifeMs, fails } = make(number);
      if (afterMs > 0) await bench().clock.sleep(afterMs);
      if (fails !== undefined) throw fails;
      const token = `token-${number}`;
      return lifeMs === undefined ? token : { token, expiresAtMs: bench().clock.now() + lifeMs };
    },
  };
}

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

describe("a token that a server refuses", () => {
  it("is renewed once, and the call repeated once, outside its attempts", async () => {
    const { provider, requests } = numbering(
      () => ({ afterMs: 20 }),
      () => used,
    );
    const used = bench([REFUSED, reply()], { auth: provider, retry: { maxAttempts: 1 } });
    await used.clock.run(search(used));
    expect(sent(used)).toEqual(["token-1", "token-2"]);
    expect(requests.map(({ refused }) => refused)).toEqual([undefined, "token-1"]);
  });

  it("is told of when the new one is refused too", async () => {
    const { provider, requests } = numbering(
      () => ({}),
      () => used,
    );
    const used = bench(() => REFUSED, { auth: provider });
    const error = await used.clock.run(rejection(AuthenticationError, search(used)));
    expect(requests).toHaveLength(2);
    expect(error.attempts).toHaveLength(2);
    expect(error.attempts.every(({ code }) => code === "UNAUTHENTICATED")).toBe(true);
  });

  it("is renewed once for all calls that it was refused to", async () => {
    const { provider, requests } = numbering(
      () => ({ afterMs: 20 }),
      () => used,
    );
    const used: Bench = bench(
      ({ headers }) => (headers.authorization === "Bearer token-1" ? REFUSED : reply()),
      {
        auth: provider,
      },
    );
    await used.clock.run(Promise.all(Array.from({ length: 10 }, () => search(used))));
    expect(requests).toHaveLength(2);
    await used.clock.run(search(used));
    expect(requests).toHaveLength(2);
    expect(sent(used).filter((token) => token === "token-2")).toHaveLength(11);
  });

  it("is renewed although a renewal that knows nothing of the refusal is under way", async () => {
    const requests: TokenRequest[] = [];
    let valid = "old";
    const used: Bench = bench(
      ({ headers }) => (headers.authorization === `Bearer ${valid}` ? reply() : REFUSED),
      {
        auth: async (request) => {
          requests.push(request);
          if (requests.length > 1) await used.clock.sleep(100);
          return { token: request.refused === undefined ? "old" : "new", expiresAtMs: 10_000 };
        },
      },
    );
    await search(used);
    valid = "new";
    await used.clock.advance(9_500);
    await used.clock.run(Promise.all([search(used), search(used)]));
    expect(requests.map(({ refused }) => refused)).toEqual([undefined, undefined, "old"]);
    expect(sent(used)).toEqual(["old", "old", "old", "new", "new"]);
  });

  it("makes no write ambiguous: what exists already is not taken for the call's own work", async () => {
    const used: Bench = bench(
      {
        createCollection: [REFUSED, fail("ALREADY_EXISTS", { message: "collection 'docs' already exists" })],
        getCollectionStatus: [reply({ name: "docs", dimension: 2, distance: "cosine", shards: [] })],
      },
      { auth: () => "some-token" },
    );
    const create = used.client.createCollection({ name: "docs", dimension: 2, distance: "cosine" });
    await expect(used.clock.run(create)).rejects.toMatchObject({ name: "AlreadyExistsError" });
  });

  it("is not renewed for a call to which no token belongs", async () => {
    const used = bench([REFUSED], {});
    await rejection(AuthenticationError, search(used));
    expect(used.transport.calls).toHaveLength(1);
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

  it("fails the call with its own AuthenticationError as it is", async () => {
    const own = new AuthenticationError("invalid password", { method: "Login" });
    const used = bench(ALWAYS_REPLY, { auth: () => Promise.reject(own) });
    expect(await rejection(AuthenticationError, search(used))).toBe(own);
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

describe("waiting for a token", () => {
  it("ends with the call; the provider is stopped when the last who waits has left, and forgotten", async () => {
    const { provider, requests } = numbering(
      (number) => ({ afterMs: number === 1 ? 1_000 : 10 }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    const controller = new AbortController();
    const first = rejection(CancelledError, used.client.search("docs", QUERY, { signal: controller.signal }));
    const second = rejection(DeadlineExceededError, used.client.search("docs", QUERY, { timeoutMs: 100 }));
    await used.clock.advance(50);
    controller.abort();
    await first;
    expect(requests[0]?.signal.aborted).toBe(false);
    await used.clock.run(second);
    expect(requests[0]?.signal.aborted).toBe(true);

    await used.clock.run(search(used));
    expect(requests).toHaveLength(2);
    // What the abandoned provider brings in the end does not replace what is newer.
    await used.clock.advance(2_000);
    await search(used);
    expect(sent(used)).toEqual(["token-2", "token-2"]);
  });

  it("does not end for those who stay when another leaves", async () => {
    const { provider, requests } = numbering(
      () => ({ afterMs: 100 }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider });
    const leaving = rejection(DeadlineExceededError, used.client.search("docs", QUERY, { timeoutMs: 50 }));
    const staying = search(used);
    await used.clock.run(Promise.all([leaving, staying]));
    expect(requests).toHaveLength(1);
    expect(requests[0]?.signal.aborted).toBe(false);
  });
});

describe("where callers may not wait for each other's promises", () => {
  const clock = { sharesPromises: false };

  it("one asks, and the others get what came of it by timers of their own", async () => {
    const { provider, requests } = numbering(
      () => ({ afterMs: 50 }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider, clock });
    await used.clock.run(Promise.all([search(used), search(used), search(used)]));
    expect(requests).toHaveLength(1);
    await search(used);
    expect(requests).toHaveLength(1);
    expect(new Set(sent(used))).toEqual(new Set(["token-1"]));
  });

  it("a caller whose promise never settles leaves the others alone", async () => {
    let asked = 0;
    const used = bench(ALWAYS_REPLY, {
      auth: () => (asked++ === 0 ? new Promise<never>(() => {}) : Promise.resolve("token-2")),
      clock,
    });
    const dead = rejection(DeadlineExceededError, search(used));
    await used.clock.run(search(used));
    expect(sent(used)).toEqual(["token-2"]);
    await used.clock.run(dead);
  });

  it("the provider of a call that ends is stopped", async () => {
    const requests: TokenRequest[] = [];
    const used = bench(ALWAYS_REPLY, {
      auth: (request) => {
        requests.push(request);
        return new Promise(() => {});
      },
      clock,
      timeoutMs: 100,
    });
    await used.clock.run(rejection(DeadlineExceededError, search(used)));
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  it("one caller renews early, and the others go on", async () => {
    const { provider, requests } = numbering(
      (number) => ({ lifeMs: 10_000, afterMs: number === 1 ? 0 : 100 }),
      () => used,
    );
    const used = bench(ALWAYS_REPLY, { auth: provider, clock });
    await search(used);
    await used.clock.advance(9_500);
    await used.clock.run(Promise.all([search(used), search(used), search(used)]));
    expect(requests).toHaveLength(2);
  });
});
