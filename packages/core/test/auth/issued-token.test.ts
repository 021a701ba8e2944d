import { describe, expect, it } from "vitest";
import { issuedToken } from "../../src/auth/issued-token.ts";
import { tokenOf } from "./json-web-tokens.ts";

describe("a token that was just issued", () => {
  it("is good for its life, whatever the server's clock says", () => {
    const token = tokenOf({ iat: 5_000_000, exp: 5_003_600 });
    expect(issuedToken(token, 1_000)).toEqual({ token, expiresAtMs: 1_000 + 3_600_000 });
  });

  it("is good until it says, where it does not say since when", () => {
    const token = tokenOf({ exp: 1_700_000_000 });
    expect(issuedToken(token, 1_000)).toEqual({ token, expiresAtMs: 1_700_000_000_000 });
  });

  it("is read whatever else it holds", () => {
    // The claims' encoding has both characters in which base64url differs from base64.
    const token = tokenOf({ name: "Zoë???>>>ÿÿÿ~~~", exp: 12.5 });
    expect(token.split(".")[1]).toMatch(/[-_]/);
    expect(issuedToken(token, 0).expiresAtMs).toBe(12_500);
  });

  it.each([
    ["it has no claim of it", tokenOf({ iat: 1 })],
    ["the claim is no number", tokenOf({ exp: "tomorrow" })],
    ["its claims are null", `a.${Buffer.from("null").toString("base64url")}.c`],
    ["its claims are no JSON", "a.bm90LWpzb24.c"],
    ["it is not base64", "a.%%%.c"],
    ["it is opaque", "some-token"],
    ["it is empty", ""],
  ])("does not expire as far as anyone knows when %s", (_what, token) => {
    expect(issuedToken(token, 0)).toEqual({ token });
  });
});
