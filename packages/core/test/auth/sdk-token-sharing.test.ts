import { describe, expect, it } from "vitest";
import { AuthenticationError } from "../../src/index.ts";
import { fail, reply } from "../../src/testing/index.ts";
import { QUERY, rejection } from "../support.ts";
import { tokenOf } from "./json-web-tokens.ts";
import { bench, nameOf } from "./sdk-token-bench.ts";
import { REFUSED } from "./token-bench.ts";

describe("calls that need a token at the same time", () => {
  it("get another one where what the first gets is what the others were refused", async () => {
    // Two logins within one second bring the same token.
    const stale = tokenOf({ kind: "stale" });
    let logins = 0;
    const used = bench({
      auth: () => (++logins === 1 ? reply({ jwtToken: stale, user: undefined }, { afterMs: 30 }) : undefined),
    });
    const { signal } = new AbortController();
    const ask = (refused: string | undefined) => used.provider({ signal, refused });
    const [first, second] = await used.clock.run(Promise.all([ask(undefined), ask(stale)]));
    expect(first).toMatchObject({ token: stale });
    expect(nameOf((second as { token: string }).token)).toBe("login 1");
    expect(used.asked()).toEqual(["login", "login"]);
  });

  it.each([true, false])(
    "share one login where promises are shared (%s) and where not",
    async (sharesPromises) => {
      const used = bench({ clock: { sharesPromises } });
      const searches = Array.from({ length: 20 }, () => used.client.search("docs", QUERY));
      await used.clock.run(Promise.all(searches));
      expect(used.asked()).toEqual(["login"]);
      expect(new Set(used.sent())).toEqual(new Set(["login 1"]));
      expect(used.clock.pendingTimers).toBe(0);
    },
  );

  it.each([true, false])(
    "share one replacement of a refused one: shared promises %s",
    async (sharesPromises) => {
      const used = bench({
        clock: { sharesPromises },
        gateway: ({ headers }) => (nameOf(headers.authorization ?? "") === "login 1" ? REFUSED : undefined),
      });
      const searches = Array.from({ length: 20 }, () => used.client.search("docs", QUERY));
      await used.clock.run(Promise.all(searches));
      expect(used.asked()).toEqual(["login", "login"]);
      expect(used.sent().filter((name) => name === "login 2")).toHaveLength(20);
    },
  );

  it("share one login among several clients with one provider", async () => {
    const used = bench();
    const other = used.clientOf(used.provider);
    await used.clock.run(Promise.all([used.client.search("docs", QUERY), other.search("docs", QUERY)]));
    await used.clock.run(used.clientOf(used.provider).search("docs", QUERY));
    expect(used.asked()).toEqual(["login"]);
  });

  it("fail together, with one login, when the password is wrong", async () => {
    const used = bench({
      clock: { sharesPromises: false },
      auth: () => fail("UNAUTHENTICATED", { message: "invalid password", afterMs: 30 }),
    });
    const searches = Array.from({ length: 20 }, () => used.client.search("docs", QUERY));
    const errors = await used.clock.run(
      Promise.all(searches.map((work) => rejection(AuthenticationError, work))),
    );
    expect(used.asked()).toEqual(["login"]);
    expect(new Set(errors.map(({ requestId }) => requestId)).size).toBe(20);
  });
});
