import { describe, expect, it } from "vitest";
import { AuthenticationError, type TokenRequest } from "../../src/index.ts";
import { fail, reply } from "../../src/testing/index.ts";
import { type Bench, rejection } from "../support.ts";
import { bench, numbering, REFUSED, search, sent } from "./token-bench.ts";

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
