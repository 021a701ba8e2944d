import { describe, expect, it } from "vitest";
import { CancelledError, DeadlineExceededError, type TokenRequest } from "../../src/index.ts";
import { ALWAYS_REPLY, QUERY, rejection } from "../support.ts";
import { bench, numbering, search, sent } from "./token-bench.ts";

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
