import { describe, expect, it } from "vitest";
import { requireToken } from "../../src/server/authentication.ts";
import { limitRate } from "../../src/server/rate-limit.ts";

describe("a token", () => {
  const guard = requireToken("secret");

  it.each(["Bearer secret", "Bearersecret", "Bearer \t secret ", "secret", " secret "])(
    "is found in %j",
    (authorization) => {
      expect(() => guard({ authorization })).not.toThrow();
    },
  );

  it.each(["", " ", "Bearer", "Bearer ", "Bearer \t "])("is missing in %j", (authorization) => {
    expect(() => guard({ authorization })).toThrow("invalid Authorization format");
  });

  it.each([
    "bearer secret",
    "BEARER secret",
    " Bearer secret",
    "Bearer Bearer secret",
    "secret2",
    "Basic secret",
  ])("is another in %j", (authorization) => {
    expect(() => guard({ authorization })).toThrow("invalid or expired token");
  });

  it("may begin with the prefix itself", () => {
    expect(() => requireToken("Bearers")({ authorization: "Bearer Bearers" })).not.toThrow();
  });
});

describe("a rate limit", () => {
  it("counts in windows that begin with a call, refused calls included", () => {
    let now = 5_000;
    let refused = 0;
    const guard = limitRate(
      2,
      () => now,
      () => refused++,
    );
    const passes = () => {
      try {
        guard("ada");
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", message: "rate limit of 2 RPS exceeded" });
        return false;
      }
    };
    const at = (time: number, calls: number) => {
      now = time;
      return Array.from({ length: calls }, passes);
    };
    expect(at(5_000, 1)).toEqual([true]);
    expect(at(5_999, 3)).toEqual([true, false, false]);
    expect(at(6_000, 3)).toEqual([true, true, false]);
    expect(at(6_999, 1)).toEqual([false]);
    expect(at(9_500, 2)).toEqual([true, true]);
    expect(at(10_499, 1)).toEqual([false]);
    expect(at(10_500, 1)).toEqual([true]);
    expect(refused).toBe(5);
  });
});
