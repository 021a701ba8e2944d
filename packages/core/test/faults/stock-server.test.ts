import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/faults/diagnose.ts";
import { FAULTS } from "../../src/faults/fault-table.ts";
import { STATUS_CODES, VectronError } from "../../src/index.ts";
import { fail } from "../../src/testing/index.ts";
import { bench, rejection } from "../support.ts";
import { AUTH_FAILURES } from "./stock-auth-service.ts";
import { CALLS } from "./stock-server/calls.ts";
import { STOCK_FAILURES } from "./stock-server.ts";

const CASES = STOCK_FAILURES.flatMap((failure) => failure.methods.map((method) => ({ ...failure, method })));

describe("what a stock server reports", () => {
  it.each(CASES)(
    "$what, on $method, is a $error",
    async ({ method, code, message, error: name, ...expected }) => {
      const { sent = 1, says = message, retryable = false } = expected;
      const step = fail(code, { message, requestSent: "yes" });
      const { clock, client, transport } = bench((call) =>
        call.method === method ? step : fail("UNIMPLEMENTED"),
      );
      const error = await clock.run(rejection(VectronError, CALLS[method]?.(client) ?? Promise.reject()));
      expect(error.name).toBe(name);
      expect(error.message).toContain(says);
      expect(error.retryable).toBe(retryable);
      const attempts = transport.calls.filter((call) => call.method === method).length;
      if (sent === "polled") expect(attempts).toBeGreaterThan(10);
      else expect(attempts).toBe(sent);
      // The story of the attempts is told in the server's own words.
      expect(error.attempts.every((attempt) => attempt.code === code && attempt.message === message)).toBe(
        true,
      );
    },
  );
});

describe("what a stock auth service reports", () => {
  it.each(AUTH_FAILURES)(
    "$message, on $method, is $diagnosis.code",
    ({ method, code, message, diagnosis }) => {
      expect(diagnose(method, code, message)).toEqual(diagnosis);
    },
  );
});

describe("the fault table", () => {
  it("has a case above, or among the recoveries, for every row", () => {
    const recovered = ["create-refused", "delete-refused", "routing-unknown"];
    for (const fault of FAULTS) {
      if (fault.condition !== undefined && recovered.includes(fault.condition)) continue;
      const cases = [...STOCK_FAILURES, ...AUTH_FAILURES].filter(
        ({ code, message }) =>
          FAULTS.find((row) => row.codes.includes(code) && row.message.test(message)) === fault,
      );
      expect(cases.length, String(fault.message)).toBeGreaterThan(0);
    }
  });
});

describe("a wrapped status", () => {
  const GO_NAMES: Readonly<Record<string, string>> = {
    Canceled: "CANCELLED",
    InvalidArgument: "INVALID_ARGUMENT",
    DeadlineExceeded: "DEADLINE_EXCEEDED",
    NotFound: "NOT_FOUND",
    AlreadyExists: "ALREADY_EXISTS",
    PermissionDenied: "PERMISSION_DENIED",
    ResourceExhausted: "RESOURCE_EXHAUSTED",
    FailedPrecondition: "FAILED_PRECONDITION",
    Aborted: "ABORTED",
    OutOfRange: "OUT_OF_RANGE",
    Unimplemented: "UNIMPLEMENTED",
    Unavailable: "UNAVAILABLE",
    DataLoss: "DATA_LOSS",
    Unauthenticated: "UNAUTHENTICATED",
    Internal: "INTERNAL",
    Unknown: "INTERNAL",
    OK: "INTERNAL",
    Nonsense: "INTERNAL",
  };

  it.each(Object.entries(GO_NAMES))("of code %s under INTERNAL is %s", (goName, code) => {
    const message = `gateway: rpc error: code = ${goName} desc = why`;
    expect(diagnose("Upsert", "INTERNAL", message)).toEqual({ code, message });
  });

  it("counts from the innermost", () => {
    const message = "a: rpc error: code = Internal desc = b: rpc error: code = Aborted desc = c";
    expect(diagnose("Upsert", "INTERNAL", message).code).toBe("ABORTED");
  });

  it.each(STATUS_CODES.filter((code) => code !== "OK" && code !== "INTERNAL"))(
    "under %s is no more than a text",
    (code) => {
      const message = "rpc error: code = Aborted desc = why";
      expect(diagnose("Upsert", code, message).code).toBe(code);
    },
  );
});

describe("names and ids in a message", () => {
  it("are told as they are", () => {
    const name = "it's a 'collection' not found\nhere";
    const { code, message } = diagnose(
      "Upsert",
      "INTERNAL",
      `x: rpc error: code = NotFound desc = collection '${name}' not found`,
    );
    expect({ code, message }).toEqual({ code: "NOT_FOUND", message: `collection '${name}' not found` });
  });

  it("do not turn a missing point into a missing collection", () => {
    const message = "vector with id collection 'x' not found not found";
    expect(diagnose("Get", "NOT_FOUND", message)).toEqual({ code: "NOT_FOUND", message });
  });
});
