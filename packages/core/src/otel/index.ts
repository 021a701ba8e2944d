// Traces and metrics of calls, for OpenTelemetry.

export type {
  TelemetryApi,
  TelemetryAttributes,
  TelemetryHistogram,
  TelemetryMeter,
  TelemetryPropagator,
  TelemetrySpan,
  TelemetryTracer,
} from "./api.ts";
export { type OpenTelemetryOptions, openTelemetry } from "./open-telemetry.ts";
