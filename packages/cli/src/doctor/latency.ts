import { setTimeout as sleep } from "node:timers/promises";
import { duration } from "../output/numbers.ts";
import { scratchVector } from "./calls.ts";
import { type Check, ok, skipped, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** A stock gateway allows 100 calls a second; half of it is left to others. */
const PACE_MS = 20;
const SLOW_MS = 250;

/** How long searches take, one after the other on one connection. */
export const latencyCheck: Check<Patient> = {
  name: "latency",
  needs: ["calls"],
  async run({ client, scratch, searches, signal, target }) {
    if (scratch === undefined) return skipped("--read-only: there is nothing to search");
    const times: number[] = [];
    let repeated = 0;
    for (let i = 0; i < searches; i++) {
      const startMs = performance.now();
      let attempts = 1;
      await client.search(
        scratch,
        { vector: scratchVector(i), topK: 10 },
        { signal, onResponse: (info) => (attempts = info.attempts.length) },
      );
      const elapsedMs = performance.now() - startMs;
      times.push(elapsedMs);
      if (attempts > 1) repeated += 1;
      if (target.kind !== "directory") await sleep(Math.max(0, PACE_MS - elapsedMs), undefined, { signal });
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    const data = { searches, p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), maxMs: at(1), repeated };
    const told = `${searches} searches: p50 ${duration(data.p50Ms)}, p90 ${duration(data.p90Ms)}, p99 ${duration(data.p99Ms)}, max ${duration(data.maxMs)}`;
    if (repeated > 0) {
      return warning(
        `${told}; ${repeated} had to be repeated`,
        "the server or the network fails now and then: look at its logs",
        data,
      );
    }
    if (data.p50Ms > SLOW_MS) {
      return warning(
        told,
        "compare with the TCP time above: if that is long too it is the network, otherwise the server",
        data,
      );
    }
    return ok(told, data);
  },
};
