import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CallListener } from "./call-monitor.ts";

/** What is looked up when the metrics are asked for. */
export interface MetricSources {
  /** How many connections are open, by side. */
  connections(): Readonly<Record<"grpc" | "http", number>>;
  /** How much the engine holds. Undefined for a bridge, which has none. */
  readonly holdings: (() => Holdings) | undefined;
}

/** How much an engine holds. */
export interface Holdings {
  readonly collections: number;
  readonly points: number;
}

/** From a quarter of a millisecond, which small reads take, to half a minute. */
const DURATION_BUCKETS = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

const KIND = ["method", "protocol"] as const;

/** The metrics of one server, for Prometheus. No label has values that callers choose. */
export class Metrics implements CallListener {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: "vectron_requests_total",
    help: "Calls that have ended.",
    labelNames: [...KIND, "code"],
    registers: [this.#registry],
  });
  readonly #durations = new Histogram({
    name: "vectron_request_duration_seconds",
    help: "Time from a call's headers to its status.",
    labelNames: KIND,
    buckets: DURATION_BUCKETS,
    registers: [this.#registry],
  });
  readonly #inFlight = this.#gauge("vectron_requests_in_flight", "Calls that have not ended.");
  readonly #requestBytes = this.#bytes("vectron_request_bytes_total", "Bytes of request messages.");
  readonly #replyBytes = this.#bytes("vectron_response_bytes_total", "Bytes of reply messages.");
  readonly #rateLimited = new Counter({
    name: "vectron_rate_limited_total",
    help: "Calls refused because of the rate limit.",
    registers: [this.#registry],
  });

  constructor(sources: MetricSources) {
    this.#addConnections(sources);
    if (sources.holdings !== undefined) this.#addHoldings(sources.holdings);
    this.#addProcess();
  }

  /** The media type of `text`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  rateLimited(): void {
    this.#rateLimited.inc();
  }

  callBegan({ method, protocol }: Parameters<NonNullable<CallListener["callBegan"]>>[0]): void {
    this.#inFlight.inc({ method, protocol });
  }

  callEnded({ method, protocol, code, ...end }: Parameters<CallListener["callEnded"]>[0]): void {
    const kind = { method, protocol };
    this.#inFlight.dec(kind);
    this.#requests.inc({ ...kind, code });
    this.#durations.observe(kind, end.durationMs / 1_000);
    this.#requestBytes.inc(kind, end.requestBytes);
    this.#replyBytes.inc(kind, end.replyBytes);
  }

  #bytes(name: string, help: string): Counter<"method" | "protocol"> {
    return new Counter({ name, help, labelNames: KIND, registers: [this.#registry] });
  }

  #gauge(name: string, help: string): Gauge<"method" | "protocol"> {
    return new Gauge({ name, help, labelNames: KIND, registers: [this.#registry] });
  }

  #addConnections({ connections }: MetricSources): void {
    new Gauge({
      name: "vectron_connections",
      help: "Connections that are open.",
      labelNames: ["side"],
      registers: [this.#registry],
      collect() {
        for (const [side, count] of Object.entries(connections())) this.set({ side }, count);
      },
    });
  }

  #addHoldings(holdings: () => Holdings): void {
    this.#add("vectron_collections", "Collections that exist.", () => holdings().collections);
    this.#add("vectron_points", "Points in all collections.", () => holdings().points);
  }

  /** Under the names that Prometheus gives to what every process has. */
  #addProcess(): void {
    const startSeconds = Date.now() / 1_000 - process.uptime();
    const { memoryUsage } = process;
    this.#add("process_resident_memory_bytes", "Resident memory size in bytes.", () => memoryUsage.rss());
    this.#add("process_start_time_seconds", "Start time of the process since 1970.", () => startSeconds);
    this.#add("nodejs_heap_size_used_bytes", "Used heap size in bytes.", () => memoryUsage().heapUsed);
    this.#add("nodejs_external_memory_bytes", "Memory outside of the heap.", () => memoryUsage().external);
    new Counter({
      name: "process_cpu_seconds_total",
      help: "Total user and system CPU time spent in seconds.",
      registers: [this.#registry],
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }

  #add(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
