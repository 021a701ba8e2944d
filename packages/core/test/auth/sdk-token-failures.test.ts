import { describe, expect, it } from "vitest";
import { AuthenticationError } from "../../src/index.ts";
import { fail, hang, reply } from "../../src/testing/index.ts";
import { QUERY, rejection } from "../support.ts";
import { bench, FIRST_TOKEN, LOGIN_WITH_KEY } from "./sdk-token-bench.ts";
import { REFUSED } from "./token-bench.ts";

describe("a token that a gateway refuses", () => {
  it("is replaced at once, and not by its own renewal", async () => {
    let refuse = 0;
    const used = bench({ gateway: () => (refuse-- > 0 ? REFUSED : undefined) });
    await used.search();
    refuse = 1;
    await used.search();
    expect(used.asked()).toEqual(["login", "login"]);
    expect(used.sent()).toEqual(["login 1", "login 1", "login 2"]);
  });

  it("is replaced once per call", async () => {
    const used = bench({ gateway: () => REFUSED });
    const error = await rejection(AuthenticationError, used.search());
    expect(error.attempts).toHaveLength(2);
    expect(used.sent()).toEqual(["login 1", "login 2"]);
  });
});

describe("an auth service that fails", () => {
  it("gives an error of the call that needed the token, with its cause", async () => {
    const cause = new Error("ECONNREFUSED");
    const used = bench({
      auth: () => fail("UNAVAILABLE", { message: "no connection", cause, requestSent: "no" }),
    });
    const error = await rejection(AuthenticationError, used.search());
    expect(error).toMatchObject({ method: "Search", retryable: true, attempts: [] });
    expect(error.message).toContain(
      "there is no token from the auth service at auth.example: no connection [Login",
    );
    expect(error.cause).toMatchObject({ name: "UnavailableError", cause });
    expect(used.authCalls).toHaveLength(3);
  });

  it("by its limit says when to come back", async () => {
    const message = "rate limit exceeded. Please try again later.";
    const used = bench({ auth: () => fail("RESOURCE_EXHAUSTED", { message }) });
    const error = await rejection(AuthenticationError, used.search());
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 60_000 });
    expect(used.authCalls).toHaveLength(1);
  });

  it("by hanging is given up within the time for a token, and within that of the call", async () => {
    const used = bench({ auth: () => hang(), calls: { timeoutMs: 3_000 } });
    const start = used.clock.now();
    await rejection(AuthenticationError, used.search());
    expect(used.clock.now() - start).toBe(3_000);
    const call = used.client.search("docs", QUERY, { timeoutMs: 500 });
    await expect(used.clock.run(call)).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(used.clock.now() - start).toBe(3_500);
    expect(used.clock.pendingTimers).toBe(0);
  });

  it("has one time for all calls that a token takes", async () => {
    const used = bench({
      source: LOGIN_WITH_KEY,
      calls: { timeoutMs: 3_000 },
      auth: ({ method }) =>
        method === "login" ? reply({ jwtToken: FIRST_TOKEN, user: undefined }, { afterMs: 2_000 }) : hang(),
    });
    const start = used.clock.now();
    await rejection(AuthenticationError, used.search());
    expect(used.clock.now() - start).toBe(3_000);
  });
});
