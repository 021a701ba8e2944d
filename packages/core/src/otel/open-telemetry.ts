import type { Interceptor, InterceptorCall } from "../call/interceptor.ts";
import type { AttemptRecord } from "../errors/vectron-error.ts";
import type { TelemetryApi, TelemetryAttributes, TelemetryPropagator, TelemetrySpan } from "./api.ts";
import { callAttributes, errorAttributes, rpcAttributes, spanName } from "./attributes.ts";

/** Options of `openTelemetry`. */
export interface OpenTelemetryOptions<C, S extends TelemetrySpan> {
  /**
   * The module `@opentelemetry/api`: `import * as api from "@opentelemetry/api"`.
   * Spans and measurements go where it was told to send them; register the SDK
   * before the client is made.
   */
  readonly api: TelemetryApi<C, S>;
  /**
   * Writes the trace's context into each request's headers, so that a server can
   * go on with the trace; `api.propagation` is the one that the SDK registered.
   * Default: none. A browser page may send such headers to another origin only if
   * that allows them, which a stock gateway does not.
   */
  readonly propagator?: TelemetryPropagator<C> | undefined;
}

const SCOPE = "@vectron/core";
const SPAN_KIND_CLIENT = 2;
const STATUS_ERROR = 2;

/** The boundaries that the semantic conventions recommend for the duration of database operations, in seconds. */
const DURATION_BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

const HEADER_SETTER = {
  set(headers: Record<string, string>, name: string, value: string): void {
    headers[name.toLowerCase()] = value;
  },
};

/**
 * An interceptor that traces and measures every call with OpenTelemetry: one
 * client span around all attempts of a call, with one event `vectron.attempt` for
 * each, and the histogram `db.client.operation.duration` in seconds.
 *
 * Put it first among the interceptors, so that it covers the others. Neither
 * tokens nor vectors nor payloads are recorded; collection names are.
 *
 * @example
 * import * as api from "@opentelemetry/api";
 * const client = new VectronClient({ host: "localhost", interceptors: [openTelemetry({ api })] });
 */
export function openTelemetry<C, S extends TelemetrySpan>({
  api,
  propagator,
}: OpenTelemetryOptions<C, S>): Interceptor {
  const tracer = api.trace.getTracer(SCOPE);
  const duration = api.metrics.getMeter(SCOPE).createHistogram("db.client.operation.duration", {
    description: "Duration of database client operations.",
    unit: "s",
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });

  return (next) => (call) => {
    const parent = api.context.active();
    const shared = callAttributes(call);
    const attributes = { ...shared, ...rpcAttributes(call) };
    const span = tracer.startSpan(spanName(call), { kind: SPAN_KIND_CLIENT, attributes }, parent);
    const context = api.trace.setSpan(parent, span);
    propagator?.inject(context, call.headers, HEADER_SETTER);
    watch(call, span, (seconds, failure) => duration.record(seconds, { ...shared, ...failure }, context));
    return api.context.with(context, () => next(call));
  };
}

/** Writes what becomes of a call into its span, and ends that with the call, whichever way it ends. */
function watch(
  call: InterceptorCall,
  span: TelemetrySpan,
  record: (seconds: number, failure: TelemetryAttributes) => void,
): void {
  call.observe({
    attemptEnded: (_call, attempt) => void span.addEvent("vectron.attempt", attemptAttributes(attempt)),
    callEnded(_call, result) {
      const failure = errorAttributes(result);
      span.setAttributes({ ...failure, "vectron.attempts": result.attempts.length });
      if (result.error !== undefined) span.setStatus({ code: STATUS_ERROR, message: result.error.message });
      span.end();
      record(result.durationMs / 1_000, failure);
    },
  });
}

function attemptAttributes({
  number,
  hedge,
  code,
  durationMs,
  requestSent,
}: AttemptRecord): TelemetryAttributes {
  return {
    "vectron.attempt.number": number,
    "vectron.attempt.hedge": hedge,
    "vectron.attempt.duration": durationMs / 1_000,
    "vectron.attempt.request_sent": requestSent,
    "rpc.status_code": code,
  };
}
