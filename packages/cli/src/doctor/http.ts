import { duration } from "../output/numbers.ts";
import { type Check, type Finding, failed, ok, skipped, warning } from "./finding.ts";
import { noteClock } from "./note-clock.ts";
import type { RemotePatient } from "./patient.ts";

/** The HTTP side of a server answers. */
export const httpCheck: Check<RemotePatient> = {
  name: "HTTP",
  needs: ["TLS"],
  run: examineHttp,
};

async function examineHttp(patient: RemotePatient): Promise<Finding> {
  const { target, signal } = patient;
  if (target.kind !== "http") return skipped("not an HTTP address");
  const startMs = performance.now();
  const sentMs = Date.now();
  const url = `${target.baseUrl.replace(/\/+$/, "")}/v1/collections`;
  try {
    const reply = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
    await reply.arrayBuffer();
    noteClock(patient, reply.headers.get("date") ?? undefined, sentMs);
    const type = reply.headers.get("content-type") ?? "nothing";
    const data = { status: reply.status, contentType: type, elapsedMs: performance.now() - startMs };
    const told = `the server answers over HTTP with status ${reply.status} and ${type} (${duration(data.elapsedMs)})`;
    if (type.startsWith("application/json")) return ok(told, data);
    return warning(told, "a Vectron gateway answers with JSON: check the address and its path", data);
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    return failed(
      `no answer over HTTP: ${why}`,
      "check that the port is the server's HTTP port; for gRPC give host:port",
    );
  }
}
