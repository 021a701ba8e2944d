import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ERROR_CLASSES } from "../../src/errors/error-classes.ts";
import { describeValue } from "../../src/errors/invalid-argument.ts";
import {
  AlreadyExistsError,
  AuthenticationError,
  CancelledError,
  DeadlineExceededError,
  type ErrorCode,
  InternalServerError,
  InvalidArgumentError,
  NotFoundError,
  PermissionDeniedError,
  ResourceExhaustedError,
  STATUS_CODES,
  TransportFailure,
  UnavailableError,
  VectronError,
} from "../../src/index.ts";
import { fail } from "../../src/testing/index.ts";
import { bench, QUERY, rejection } from "../support.ts";

const CODES = STATUS_CODES.filter((code): code is ErrorCode => code !== "OK");

describe("error classes", () => {
  it.each(CODES)("%s has one, which a call that fails so rejects with", async (code) => {
    const { clock, client } = bench(() => fail(code, { message: "why" }));
    const error = await clock.run(rejection(VectronError, client.upsert("docs", [{ id: "a", vector: [1] }])));
    expect(error).toBeInstanceOf(ERROR_CLASSES[code]);
    expect(error.constructor).toBe(ERROR_CLASSES[code]);
    expect(error).toMatchObject({
      code,
      name: ERROR_CLASSES[code].name,
      method: "Upsert",
      collection: "docs",
    });
  });

  it("are those of the design", () => {
    expect(ERROR_CLASSES).toMatchObject({
      CANCELLED: CancelledError,
      DEADLINE_EXCEEDED: DeadlineExceededError,
      UNAVAILABLE: UnavailableError,
      UNAUTHENTICATED: AuthenticationError,
      PERMISSION_DENIED: PermissionDeniedError,
      RESOURCE_EXHAUSTED: ResourceExhaustedError,
      NOT_FOUND: NotFoundError,
      INVALID_ARGUMENT: InvalidArgumentError,
      ALREADY_EXISTS: AlreadyExistsError,
      INTERNAL: InternalServerError,
    });
    expect(new Set(Object.values(ERROR_CLASSES)).size).toBe(CODES.length);
  });

  it("take their names from texts, which minification leaves alone", () => {
    for (const errorClass of Object.values(ERROR_CLASSES)) {
      const name = Object.getOwnPropertyDescriptor(errorClass.prototype, "name")?.value;
      expect(name).toMatch(/^[A-Z][A-Za-z]+Error$/);
      expect(new errorClass("x").stack).toMatch(new RegExp(`^${name}: x`));
    }
  });

  it("are told apart by instanceof and by isInstance", () => {
    const error: unknown = new NotFoundError("gone");
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(VectronError);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).not.toBeInstanceOf(UnavailableError);
    expect(VectronError.isInstance(error)).toBe(true);
    expect(NotFoundError.isInstance(error)).toBe(true);
    expect(UnavailableError.isInstance(error)).toBe(false);
    for (const other of [
      undefined,
      null,
      1,
      "x",
      {},
      new Error("x"),
      new TransportFailure("NOT_FOUND", "x"),
    ]) {
      expect(VectronError.isInstance(other)).toBe(false);
      expect(other instanceof NotFoundError).toBe(false);
    }
  });

  it("can be extended by users", () => {
    class QuotaError extends ResourceExhaustedError {
      override name = "QuotaError";
    }
    class OtherError extends ResourceExhaustedError {}
    const error = new QuotaError("over");
    expect(error).toBeInstanceOf(QuotaError);
    expect(error).toBeInstanceOf(ResourceExhaustedError);
    expect(error).toBeInstanceOf(VectronError);
    expect(error).not.toBeInstanceOf(OtherError);
    expect(new ResourceExhaustedError("x")).not.toBeInstanceOf(QuotaError);
    expect(error).toMatchObject({ name: "QuotaError", code: "RESOURCE_EXHAUSTED" });
  });
});

describe("an error", () => {
  it("without details has none", () => {
    const error = new NotFoundError("gone");
    expect(error).toMatchObject({ retryable: false, attempts: [], metadata: {} });
    expect(error.method ?? error.collection ?? error.requestId ?? error.retryAfterMs).toBeUndefined();
    expect(Object.hasOwn(error, "cause")).toBe(false);
    expect(error.toJSON()).toEqual({
      name: "NotFoundError",
      code: "NOT_FOUND",
      message: "gone",
      retryable: false,
      attempts: [],
      metadata: {},
    });
  });

  it("becomes JSON with every fact of it", async () => {
    const cause = new TypeError("ECONNRESET");
    const metadata = { "retry-after": "99", "x-served-by": "gw-1" };
    const { clock, client } = bench(() =>
      fail("UNAVAILABLE", { message: "down", metadata, cause, afterMs: 3 }),
    );
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "UnavailableError",
      code: "UNAVAILABLE",
      message: `down [Search "docs", request ${error.requestId}]`,
      method: "Search",
      collection: "docs",
      retryable: true,
      requestId: error.requestId,
      attempts: [
        {
          number: 1,
          hedge: false,
          code: "UNAVAILABLE",
          message: "down",
          requestSent: "yes",
          startMs: 0,
          durationMs: 3,
        },
      ],
      retryAfterMs: 99_000,
      metadata,
      cause: "TypeError: ECONNRESET",
    });
    expect(inspect(error)).toContain("UnavailableError: down");
    expect(inspect(error)).toContain("ECONNRESET");
  });

  it("becomes JSON whatever its cause is", () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const unprintable = {
      toString() {
        throw new Error("no");
      },
    };
    for (const cause of [circular, Object.create(null), unprintable, 5n, Symbol("x"), () => {}, "text"]) {
      expect(() => JSON.stringify(new NotFoundError("gone", { cause }))).not.toThrow();
    }
  });

  it("has the platform's error at the end of its chain of causes", async () => {
    const platform = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    const wrapped = new TypeError("fetch failed", { cause: platform });
    const { clock, client } = bench(() => fail("UNAVAILABLE", { cause: wrapped }));
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(error.cause).toBe(wrapped);
    expect((error.cause as Error).cause).toBe(platform);
  });

  it("holds no vector and no payload of the request", async () => {
    const { clock, client } = bench(() => fail("INTERNAL", { message: "disk full" }));
    const point = { id: "a", vector: [0.123456789], payload: { secret: "payload-text" } };
    const error = await clock.run(rejection(InternalServerError, client.upsert("docs", [point])));
    const text = `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}`;
    expect(text).not.toContain("payload-text");
    expect(text).not.toContain("0.12345");
  });
});

describe("a value in a message", () => {
  it.each<[unknown, string]>([
    ["text", '"text"'],
    ["x".repeat(100), `"${"x".repeat(60)}… (100 characters)"`],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [5n, "5n"],
    [1e39, "1e+39"],
    [Number.NaN, "NaN"],
    [-0, "0"],
    [null, "null"],
    [undefined, "undefined"],
    [true, "true"],
    [() => {}, "a function"],
    [Symbol("s"), "a symbol"],
    [[1, 2], "an array of 2"],
    [new Float32Array(3), "a Float32Array of 3"],
    [new Map(), "an object of class Map"],
    [{}, "an object of class Object"],
    [Object.create(null), "an object of class null"],
  ])("%# is short and on one line", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });
});
