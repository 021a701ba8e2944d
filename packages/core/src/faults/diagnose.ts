import { type ErrorCode, STATUS_CODES, type StatusCode } from "../transport/status-code.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { FAULTS, type Fault } from "./fault-table.ts";

/**
 * What a failure means: a stock server reports many ordinary conditions as
 * INTERNAL. Every such reading of a message is here and in the fault table, so
 * that users never parse one.
 */
export function diagnose(method: string, code: ErrorCode, message: string): Diagnosis {
  const fault = FAULTS.find((candidate) => fits(candidate, method, code, message));
  if (fault === undefined) return { code: innerCode(code, message) ?? code, message };
  return {
    code: fault.code,
    message: fault.says === undefined ? message : fill(fault, message),
    ...(fault.condition !== undefined && { condition: fault.condition }),
    ...(fault.pauseMs !== undefined && { pauseMs: fault.pauseMs }),
  };
}

/** Whether a NOT_FOUND is about the collection, and not about a point in it. */
export function saysMissingCollection(message: string): boolean {
  return /^collection '/.test(message);
}

function fits(fault: Fault, method: string, code: ErrorCode, message: string): boolean {
  return (
    fault.codes.includes(code) && (fault.methods?.includes(method) ?? true) && fault.message.test(message)
  );
}

function fill({ message: pattern, says = "$&" }: Fault, message: string): string {
  const match = pattern.exec(message);
  return says.replace(/\$(&|\d)/g, (_, group: string) => match?.[group === "&" ? 0 : Number(group)] ?? "");
}

/**
 * The innermost status that a text wraps (`… rpc error: code = X desc = …`). It
 * counts under INTERNAL, and under the DEADLINE_EXCEEDED that a search with a
 * worker time limit reports whatever its cause.
 */
function innerCode(code: ErrorCode, message: string): ErrorCode | undefined {
  const wraps =
    code === "INTERNAL" || (code === "DEADLINE_EXCEEDED" && message.startsWith("search timed out"));
  if (!wraps) return undefined;
  const last = [...message.matchAll(/code = (\w+) desc = /g)].at(-1)?.[1];
  return last === undefined ? undefined : fromGoName(last);
}

/** Codes of an inner status that say no more than the outer one. */
const SAYS_NOTHING: readonly StatusCode[] = ["OK", "UNKNOWN", "INTERNAL"];

/** The code that grpc-go writes as `NotFound`, and the only one that it spells in its own way as `Canceled`. */
function fromGoName(name: string): ErrorCode | undefined {
  const text = name === "Canceled" ? "CANCELLED" : name.replace(/\B[A-Z]/g, "_$&").toUpperCase();
  return STATUS_CODES.find((code): code is ErrorCode => code === text && !SAYS_NOTHING.includes(code));
}
