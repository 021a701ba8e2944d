import { type CallOptions, UnimplementedError, VectronError } from "@vectron/core";
import { duration } from "../output/numbers.ts";
import { type Check, failed, ok, skipped, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** Dimension of the scratch collection. */
const SCRATCH_DIMENSION = 8;
const POINTS = 100;

interface Step {
  readonly call: string;
  run(patient: Patient, collection: string, options: CallOptions): Promise<unknown>;
}

/** A point of the scratch collection. */
export function scratchVector(index: number): Float32Array {
  return Float32Array.from(
    { length: SCRATCH_DIMENSION },
    (_, i) => Math.cos(index + 1) * (i + 1) + Math.sin(index * i),
  );
}

const QUERY = { vector: scratchVector(3), topK: 3 };

const STEPS: readonly Step[] = [
  {
    call: "CreateCollection",
    run: ({ client }, name, options) =>
      client.createCollection({ name, dimension: SCRATCH_DIMENSION, distance: "cosine" }, options),
  },
  { call: "ListCollections", run: ({ client }, _name, options) => client.listCollections(options) },
  {
    call: "GetCollectionStatus",
    run: ({ client }, name, options) => client.getCollectionStatus(name, options),
  },
  {
    call: "Upsert",
    run: ({ client }, name, options) =>
      client.upsert(
        name,
        Array.from({ length: POINTS }, (_, i) => ({
          id: `p${i}`,
          vector: scratchVector(i),
          payload: { i: String(i) },
        })),
        options,
      ),
  },
  { call: "Get", run: ({ client }, name, options) => client.get(name, "p3", options) },
  { call: "Search", run: ({ client }, name, options) => client.search(name, QUERY, options) },
  {
    call: "SearchStream",
    run: ({ client }, name, options) => drain(client.searchStream(name, QUERY, options)),
  },
  {
    call: "SubmitFeedback",
    run: ({ client }, collection, options) =>
      client.submitFeedback(
        { collection, query: "vectron doctor", items: [{ resultId: "p3", relevanceScore: 5 }] },
        options,
      ),
  },
  { call: "Delete", run: ({ client }, name, options) => client.delete(name, "p99", options) },
];

async function drain(snapshots: AsyncIterable<unknown>): Promise<void> {
  for await (const _snapshot of snapshots);
}

/** Every call works once, in a collection of its own. UpdateUserProfile is left out: it would change the account. */
export const callsCheck: Check<Patient> = {
  name: "calls",
  needs: ["auth"],
  async run(patient) {
    const { scratch, signal } = patient;
    if (scratch === undefined) return skipped("--read-only: nothing is written");
    patient.hasScratch = true;
    const times: Record<string, number> = {};
    const missing: string[] = [];
    for (const { call, run } of STEPS) {
      const startMs = performance.now();
      try {
        await run(patient, scratch, { signal });
        times[call] = performance.now() - startMs;
      } catch (error) {
        if (!VectronError.isInstance(error)) throw error;
        if (!(error instanceof UnimplementedError)) {
          const advice = `${call} does not work: look at the server's logs for request ${error.requestId ?? "(not sent)"}`;
          return failed(error.message, advice, { call, code: error.code, times });
        }
        missing.push(call);
      }
    }
    const told = Object.entries(times).map(([call, ms]) => `${call} ${duration(ms)}`);
    if (missing.length === 0) return ok(told.join(", "), { times });
    return warning(
      `${told.join(", ")}; not offered here: ${missing.join(", ")}`,
      "HTTP/JSON has no streams: use gRPC, or --protocol connect with a server that speaks it",
      { times, missing },
    );
  },
};
