import { ResourceExhaustedError, VectronError } from "@vectron/core";
import { bytes } from "../output/numbers.ts";
import { scratchVector } from "./calls.ts";
import { type Check, failed, ok, skipped, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

const MIB = 1_048_576;
/** One batch of the bulk writer; what gRPC allows unless it is told otherwise, exceeded; and more. */
const SIZES = [1, 5, 16, 64].map((mib) => mib * MIB);

/** Messages of some size pass in both directions. */
export const limitsCheck: Check<Patient> = {
  name: "limits",
  needs: ["calls"],
  async run(patient) {
    const { scratch, maxMessageBytes } = patient;
    if (scratch === undefined) return skipped("--read-only: nothing is written");
    const wanted = [...SIZES.filter((size) => size < maxMessageBytes), maxMessageBytes];
    let passed = 0;
    for (const size of wanted) {
      const refusal = await tryMessage(patient, scratch, size);
      if (refusal !== undefined) return tell(passed, size, refusal);
      passed = size;
    }
    return ok(`messages of ${bytes(passed)} pass in both directions`, { passedBytes: passed });
  },
};

interface Refusal {
  readonly direction: "request" | "reply";
  readonly error: VectronError;
}

/** Writes a point of that size and reads it back. */
async function tryMessage(
  { client, signal }: Patient,
  scratch: string,
  size: number,
): Promise<Refusal | undefined> {
  const point = { id: "large", vector: scratchVector(0), payload: { filler: "x".repeat(size) } };
  let direction: Refusal["direction"] = "request";
  try {
    await client.upsert(scratch, [point], { signal, timeoutMs: 60_000 });
    direction = "reply";
    await client.get(scratch, point.id, { signal, timeoutMs: 60_000 });
    return undefined;
  } catch (error) {
    if (!VectronError.isInstance(error) || error.code === "CANCELLED") throw error;
    return { direction, error };
  }
}

function tell(passedBytes: number, size: number, { direction, error }: Refusal) {
  const detail = `a ${direction} of ${bytes(size)} was refused, ${bytes(passedBytes)} passed: ${error.message}`;
  const data = { passedBytes, refusedBytes: size, direction, code: error.code };
  const isLimit = error instanceof ResourceExhaustedError;
  if (passedBytes === 0) {
    return failed(
      detail,
      "bulk loads send 1 MiB at a time: set maxBatchBytes lower, or raise the limit of the proxy between",
      data,
    );
  }
  const advice = isLimit
    ? "a stock gateway takes 256 MiB: a server or proxy between is set lower (nginx: client_max_body_size; gRPC: max_receive_message_length)"
    : "look at the logs of the server and of proxies between";
  return warning(detail, advice, data);
}
