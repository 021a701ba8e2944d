/**
 * The parts of `@opentelemetry/api` that this package uses, as structural types:
 * the module itself fits, and nothing has to be installed for its sake.
 */

/** Attributes of a span, an event or a measurement. */
export type TelemetryAttributes = Record<string, string | number | boolean>;

/** The part of a `Span` that this package uses. */
export interface TelemetrySpan {
  setAttributes(attributes: TelemetryAttributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  addEvent(name: string, attributes?: TelemetryAttributes): unknown;
  end(): void;
}

/** The part of a `Tracer` that this package uses. */
export interface TelemetryTracer<C = unknown, S extends TelemetrySpan = TelemetrySpan> {
  startSpan(name: string, options?: { kind?: number; attributes?: TelemetryAttributes }, context?: C): S;
}

/** The part of a `Histogram` that this package uses. */
export interface TelemetryHistogram<C = unknown> {
  record(value: number, attributes?: TelemetryAttributes, context?: C): void;
}

/** The part of a `Meter` that this package uses. */
export interface TelemetryMeter<C = unknown> {
  createHistogram(
    name: string,
    options?: { description?: string; unit?: string; advice?: { explicitBucketBoundaries?: number[] } },
  ): TelemetryHistogram<C>;
}

/** A `TextMapPropagator`, such as `propagation` of `@opentelemetry/api`. */
export interface TelemetryPropagator<C = unknown> {
  inject(
    context: C,
    carrier: Record<string, string>,
    setter: { set(carrier: Record<string, string>, key: string, value: string): void },
  ): void;
}

/** The part of the `@opentelemetry/api` module that this package uses. */
export interface TelemetryApi<C, S extends TelemetrySpan> {
  readonly context: {
    active(): C;
    with<T>(context: C, work: () => T): T;
  };
  readonly trace: {
    getTracer(name: string): TelemetryTracer<C, S>;
    setSpan(context: C, span: S): C;
  };
  readonly metrics: { getMeter(name: string): TelemetryMeter<C> };
}
