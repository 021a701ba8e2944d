import { AsyncLocalStorage } from "node:async_hooks";
import * as api from "@opentelemetry/api";
import {
  AggregationTemporality,
  type HistogramMetricData,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import * as conventions from "@opentelemetry/semantic-conventions";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Interceptor, NotFoundError, UnavailableError } from "../../src/index.ts";
import { type OpenTelemetryOptions, openTelemetry } from "../../src/otel/index.ts";
import { fail, hang, reply, type Script, stream } from "../../src/testing/index.ts";
import {
  ALWAYS_REPLY,
  type BenchOptions,
  collect,
  bench as plainBench,
  QUERY,
  rejection,
} from "../support.ts";

/** A context manager for the tests, on what Node has. */
class LocalContexts implements api.ContextManager {
  readonly #storage = new AsyncLocalStorage<api.Context>();
  active(): api.Context {
    return this.#storage.getStore() ?? api.ROOT_CONTEXT;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: api.Context,
    work: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => work.call(thisArg as ThisParameterType<F>, ...args));
  }
  bind<T>(_context: api.Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    return this;
  }
}

const spans = new InMemorySpanExporter();
const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const meterProvider = new MeterProvider({ readers: [reader] });

beforeAll(() => {
  api.context.setGlobalContextManager(new LocalContexts());
  api.trace.setGlobalTracerProvider(tracerProvider);
  api.metrics.setGlobalMeterProvider(meterProvider);
});

beforeEach(async () => {
  await reader.forceFlush();
  spans.reset();
  metrics.reset();
});

afterAll(async () => {
  await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
  api.context.disable();
  api.trace.disable();
  api.metrics.disable();
});

const bench = (
  script: Script,
  options: BenchOptions = {},
  telemetry: Partial<OpenTelemetryOptions<api.Context, api.Span>> = {},
) =>
  plainBench(script, {
    ...options,
    interceptors: [openTelemetry({ api, ...telemetry }), ...(options.interceptors ?? [])],
    transport: { capabilities: { name: "grpc", endpoint: "db.example:8081" }, ...options.transport },
  });

/** The one span that was ended. */
function onlySpan(): ReadableSpan {
  const ended = spans.getFinishedSpans();
  expect(ended).toHaveLength(1);
  return ended[0] as ReadableSpan;
}

async function histograms(): Promise<HistogramMetricData[]> {
  await reader.forceFlush();
  return metrics
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics as HistogramMetricData[]));
}

describe("a call's span", () => {
  it("has the name, kind and attributes of the semantic conventions", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.search("docs", QUERY);
    const span = onlySpan();
    expect(span.name).toBe("Search docs");
    expect(span.kind).toBe(api.SpanKind.CLIENT);
    expect(span.status.code).toBe(api.SpanStatusCode.UNSET);
    expect(span.instrumentationScope.name).toBe("@vectron/core");
    expect(span.attributes).toEqual({
      [conventions.ATTR_DB_SYSTEM_NAME]: "vectron",
      [conventions.ATTR_DB_OPERATION_NAME]: "Search",
      [conventions.ATTR_DB_COLLECTION_NAME]: "docs",
      [conventions.ATTR_SERVER_ADDRESS]: "db.example",
      [conventions.ATTR_SERVER_PORT]: 8081,
      [conventions.ATTR_RPC_SYSTEM_NAME]: conventions.RPC_SYSTEM_NAME_VALUE_GRPC,
      [conventions.ATTR_RPC_METHOD]: "vectron.v1.VectronService/Search",
      "vectron.transport": "grpc",
      "vectron.request_id": transport.calls[0]?.headers["x-request-id"],
      "vectron.attempts": 1,
    });
  });

  it("is named after the server where the call is about no collection", async () => {
    const { client } = bench(ALWAYS_REPLY);
    await client.listCollections();
    const span = onlySpan();
    expect(span.name).toBe("ListCollections db.example:8081");
    expect(span.attributes).not.toHaveProperty(conventions.ATTR_DB_COLLECTION_NAME);
  });

  it("names the RPC system of the transport, where it is one", async () => {
    const systemOf = async (name: string) => {
      spans.reset();
      const { client } = bench(ALWAYS_REPLY, { transport: { capabilities: { name } } });
      await client.listCollections();
      return onlySpan().attributes[conventions.ATTR_RPC_SYSTEM_NAME];
    };
    expect(await systemOf("grpc-web")).toBe("grpc");
    expect(await systemOf("connect")).toBe("connectrpc");
    expect(await systemOf("http-json")).toBeUndefined();
    expect(await systemOf("in-process")).toBeUndefined();
  });

  it("has an event for each attempt, hedges included", async () => {
    const { clock, client } = bench(
      [fail("UNAVAILABLE", { afterMs: 20 }), hang(), reply(undefined, { afterMs: 5 })],
      {
        hedge: true,
      },
    );
    await clock.run(client.search("docs", QUERY));
    const { events, attributes } = onlySpan();
    expect(events.map(({ name }) => name)).toEqual(["vectron.attempt", "vectron.attempt", "vectron.attempt"]);
    const facts = events.map((event) => event.attributes ?? {});
    expect(facts.map((fact) => [fact["vectron.attempt.number"], fact["vectron.attempt.hedge"]])).toEqual([
      [1, false],
      [3, true],
      [2, false],
    ]);
    expect(facts.map((fact) => fact[conventions.ATTR_RPC_STATUS_CODE])).toEqual([
      "UNAVAILABLE",
      "OK",
      "CANCELLED",
    ]);
    expect(facts[0]).toMatchObject({
      "vectron.attempt.duration": 0.02,
      "vectron.attempt.request_sent": "yes",
    });
    expect(attributes["vectron.attempts"]).toBe(3);
  });

  it("tells of a failure by its code", async () => {
    const { client } = bench([fail("NOT_FOUND", { message: "vector with id a not found" })]);
    const error = await rejection(NotFoundError, client.get("docs", "a"));
    const span = onlySpan();
    expect(span.status).toEqual({ code: api.SpanStatusCode.ERROR, message: error.message });
    expect(span.attributes).toMatchObject({
      [conventions.ATTR_ERROR_TYPE]: "NOT_FOUND",
      [conventions.ATTR_DB_RESPONSE_STATUS_CODE]: "NOT_FOUND",
    });
  });

  it("tells of a failure of another interceptor by its class", async () => {
    const failing: Interceptor = () => async () => {
      throw new RangeError("mine");
    };
    const { client } = bench(ALWAYS_REPLY, { interceptors: [failing] });
    await client.search("docs", QUERY).catch(() => {});
    const { attributes } = onlySpan();
    expect(attributes[conventions.ATTR_ERROR_TYPE]).toBe("RangeError");
    expect(attributes).not.toHaveProperty(conventions.ATTR_DB_RESPONSE_STATUS_CODE);
  });

  it("ends at the deadline, whatever hangs", async () => {
    const never: Interceptor = () => () => new Promise(() => {});
    for (const options of [{ interceptors: [never] }, { hedge: true }, {}]) {
      spans.reset();
      const { clock, client } = bench(() => hang({ ignoreAbort: true }), { ...options, timeoutMs: 100 });
      await clock.run(client.search("docs", QUERY).catch(() => {}));
      expect(onlySpan().attributes[conventions.ATTR_ERROR_TYPE]).toBe("DEADLINE_EXCEEDED");
    }
  });

  it("covers a stream to its end, and one that is left", async () => {
    const script: Script = () => stream([{ results: [] }, { results: [] }]);
    const { client } = bench(script);
    await collect(client.searchStream("docs", QUERY));
    expect(onlySpan()).toMatchObject({
      name: "SearchStream docs",
      status: { code: api.SpanStatusCode.UNSET },
    });
    spans.reset();
    for await (const _ of client.searchStream("docs", QUERY)) expect(spans.getFinishedSpans()).toEqual([]);
    spans.reset();
    for await (const _ of client.searchStream("docs", QUERY)) break;
    const { events, status } = onlySpan();
    expect(status.code).toBe(api.SpanStatusCode.UNSET);
    expect(events[0]?.attributes?.[conventions.ATTR_RPC_STATUS_CODE]).toBe("CANCELLED");
  });

  it("holds no token, vector or payload", async () => {
    const token = "s3cret-token";
    const { clock, client } = bench(() => fail("UNAVAILABLE", { message: `refused ${token}` }), {
      apiKey: token,
    });
    const point = { id: "a", vector: [0.123456789], payload: { text: "payload-text" } };
    await clock.run(rejection(UnavailableError, client.upsert("docs", [point])));
    const { attributes, events, status, name } = onlySpan();
    const text = JSON.stringify({ attributes, events, status, name });
    expect(text).not.toContain(token);
    expect(text).not.toContain("payload-text");
    expect(text).not.toContain("0.1234");
  });
});

describe("the trace", () => {
  it("goes on through the call: its parent is the span around it, and it is that of what the call does", async () => {
    const tracer = api.trace.getTracer("test");
    let inside: api.Span | undefined;
    const watching: Interceptor = (next) => (call) => {
      inside = api.trace.getActiveSpan();
      return next(call);
    };
    const { client } = bench(ALWAYS_REPLY, { interceptors: [watching] });
    await tracer.startActiveSpan("outer", async (outer) => {
      await client.search("docs", QUERY);
      outer.end();
    });
    const [call, outer] = spans.getFinishedSpans();
    expect(call?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(inside?.spanContext().spanId).toBe(call?.spanContext().spanId);
  });

  it("is written into the headers of every attempt when there is a propagator", async () => {
    const propagator: api.TextMapPropagator = {
      inject(context, carrier, setter) {
        const span = api.trace.getSpanContext(context);
        setter.set(carrier, "TraceParent", `00-${span?.traceId}-${span?.spanId}-01`);
      },
      extract: (context) => context,
      fields: () => ["traceparent"],
    };
    const { clock, client, transport } = bench([fail("UNAVAILABLE"), reply()], {}, { propagator });
    await clock.run(client.search("docs", QUERY));
    const { traceId, spanId } = onlySpan().spanContext();
    const sent = transport.calls.map(({ headers }) => headers.traceparent);
    expect(sent).toEqual([`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-01`]);
  });

  it("may be written by the propagation of the API", async () => {
    const { client, transport } = bench(ALWAYS_REPLY, {}, { propagator: api.propagation });
    await client.search("docs", QUERY);
    expect(transport.calls).toHaveLength(1);
  });

  it("is not written into headers otherwise", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.search("docs", QUERY);
    expect(Object.keys(transport.calls[0]?.headers ?? {})).toEqual(["x-request-id"]);
  });
});

describe("the duration of operations", () => {
  it("is a histogram in seconds with the recommended boundaries", async () => {
    const { clock, client } = bench(() => reply(undefined, { afterMs: 30 }));
    await clock.run(client.search("docs", QUERY));
    await clock.run(client.search("docs", QUERY));
    await clock.run(client.get("docs", "a"));
    const [duration, ...others] = await histograms();
    expect(others).toEqual([]);
    expect(duration?.descriptor).toMatchObject({
      name: conventions.METRIC_DB_CLIENT_OPERATION_DURATION,
      unit: "s",
      description: "Duration of database client operations.",
    });
    const common = {
      [conventions.ATTR_DB_SYSTEM_NAME]: "vectron",
      [conventions.ATTR_DB_COLLECTION_NAME]: "docs",
      [conventions.ATTR_SERVER_ADDRESS]: "db.example",
      [conventions.ATTR_SERVER_PORT]: 8081,
    };
    expect(duration?.dataPoints.map(({ attributes, value }) => [attributes, value.count, value.sum])).toEqual(
      [
        [{ ...common, [conventions.ATTR_DB_OPERATION_NAME]: "Search" }, 2, 0.06],
        [{ ...common, [conventions.ATTR_DB_OPERATION_NAME]: "Get" }, 1, 0.03],
      ],
    );
    expect(duration?.dataPoints[0]?.value.buckets.boundaries).toEqual([
      0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10,
    ]);
  });

  it("is measured for failures too, by their type", async () => {
    const { client } = bench([fail("NOT_FOUND")]);
    await rejection(NotFoundError, client.get("docs", "a"));
    const [duration] = await histograms();
    expect(duration?.dataPoints.map(({ attributes }) => attributes[conventions.ATTR_ERROR_TYPE])).toEqual([
      "NOT_FOUND",
    ]);
  });

  it("covers every attempt and pause of a call", async () => {
    const { clock, client } = bench(
      [fail("UNAVAILABLE", { afterMs: 40 }), reply(undefined, { afterMs: 60 })],
      {
        retry: { initialDelayMs: 100, jitter: 0 },
      },
    );
    await clock.run(client.search("docs", QUERY));
    const [duration] = await histograms();
    expect(duration?.dataPoints[0]?.value.sum).toBe(0.2);
  });
});

describe("an endpoint", () => {
  it.each([
    ["db.example:8081", "db.example", 8081],
    ["db.example", "db.example", undefined],
    ["127.0.0.1:80", "127.0.0.1", 80],
    ["[::1]:8081", "::1", 8081],
    ["[::1]", "::1", undefined],
    ["https://db.example", "db.example", undefined],
    ["https://db.example:8443/api/", "db.example", 8443],
    ["http://[fe80::1]:80/", "fe80::1", 80],
    ["dns:///db.example:443", "db.example", 443],
    ["/var/run/vectron.sock", "/var/run/vectron.sock", undefined],
    ["memory", "memory", undefined],
    ["", "", undefined],
  ])("%j is %j, port %j", async (endpoint, address, port) => {
    const { client } = bench(ALWAYS_REPLY, { transport: { capabilities: { endpoint } } });
    await client.search("docs", QUERY);
    const { attributes } = onlySpan();
    expect(attributes[conventions.ATTR_SERVER_ADDRESS]).toBe(address);
    expect(attributes[conventions.ATTR_SERVER_PORT]).toBe(port);
  });
});
