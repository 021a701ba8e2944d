import type { Point, UpsertRequest } from "../../../src/gen/vectron/v1/messages.ts";
import type {
  Runtime,
  Transport,
  TransportCall,
  TransportCapabilities,
  TransportReply,
} from "../../../src/index.ts";
import { TransportFailure } from "../../../src/index.ts";
import { binaryCodec } from "../../../src/wire/index.ts";

/** How a store server behaves; by default it takes everything, after a moment. */
export interface StoreOptions {
  readonly runtime: Runtime;
  /** How long a request takes, in milliseconds; it is applied in the middle. Default 10. */
  readonly latencyMs?: number | ((request: StoreRequest) => number);
  /** Requests per window of one second, as a stock server counts them: refused ones too. Default: no limit. */
  readonly rateLimit?: number;
  /** What one request fails with instead of being applied. */
  readonly fault?: (request: StoreRequest) => TransportFailure | undefined;
  /** Whether the failed request is applied all the same: its answer is lost. */
  readonly appliesFaulty?: boolean;
  /** Ids that the server refuses as invalid. */
  readonly isPoison?: (point: Point) => boolean;
  /** Requests above this size are refused. */
  readonly maxRequestBytes?: number;
  /** What the server answers. Default: the number of points. */
  readonly upserted?: (request: StoreRequest) => number;
  readonly maxSendBytes?: number;
}

/** One request as the server saw it. */
export interface StoreRequest {
  /** 1 for the first. */
  readonly number: number;
  readonly atMs: number;
  readonly collection: string;
  readonly ids: readonly string[];
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly deadline: number;
}

/** What was sent in an attempt that failed. */
interface LeftBehind {
  readonly bytes: Uint8Array;
  readonly asSent: Uint8Array;
}

/**
 * A transport over a map, which behaves as a server does under load and faults. It
 * sends protobuf: what is stored are the bytes as they are when that happens.
 */
export class StoreServer implements Transport {
  /** What is stored, each as a copy that was taken when it was applied. */
  readonly stored = new Map<string, { vector: number[]; payload: Record<string, string> }>();
  readonly requests: StoreRequest[] = [];
  refused = 0;
  /** The most requests that were under way at once. */
  mostInFlight = 0;
  /** Whether two requests that share an id were ever under way at once. */
  overlapped = false;
  inFlight = 0;
  readonly capabilities: TransportCapabilities;
  readonly #options: StoreOptions;
  readonly #idsInFlight = new Map<string, number>();
  readonly #leftBehind: LeftBehind[] = [];
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #inWindow = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.capabilities = {
      name: "store",
      endpoint: "store",
      streaming: false,
      maxSendBytes: options.maxSendBytes ?? 256 * 1024 * 1024,
      maxReceiveBytes: 256 * 1024 * 1024,
      insecure: false,
    };
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    if (call.method.name !== "Upsert") return { message: (await this.#answer(call)) as O, metadata: {} };
    const { encodeRequest, decodeRequest } = binaryCodec(call.method);
    const bytes = encodeRequest(call.message);
    const read = () => decodeRequest(bytes) as UpsertRequest;
    const { points, collection } = read();
    const request: StoreRequest = {
      number: this.requests.length + 1,
      atMs: this.#options.runtime.now(),
      collection,
      ids: points.map(({ id }) => id),
      bytes: bytes.byteLength,
      headers: call.headers,
      deadline: call.deadline,
    };
    this.requests.push(request);
    this.#enter(request);
    try {
      const upserted = await this.#handle(request, () => read().points, call);
      return { message: { upserted } as O, metadata: {} };
    } catch (error) {
      this.#leftBehind.push({ bytes, asSent: bytes.slice() });
      throw error;
    } finally {
      this.#leave(request);
    }
  }

  // biome-ignore lint/correctness/useYield: this server has no streams
  async *serverStream<I, O>(_call: TransportCall<I, O>): AsyncGenerator<O, void> {
    throw new TransportFailure("UNIMPLEMENTED", "no streams here");
  }

  async close(): Promise<void> {}

  /** Whether what was sent in attempts that failed is still as it was: a transport may be at it for a while. */
  get failedAttemptsIntact(): boolean {
    return this.#leftBehind.every(({ bytes, asSent }) => bytes.every((byte, at) => byte === asSent[at]));
  }

  async #handle(
    request: StoreRequest,
    read: () => readonly Point[],
    call: TransportCall<unknown, unknown>,
  ): Promise<number> {
    const { latencyMs = 10, fault, appliesFaulty = false, upserted } = this.#options;
    const half = (typeof latencyMs === "number" ? latencyMs : latencyMs(request)) / 2;
    await this.#sleep(half, call);
    this.#checkRate();
    const points = read();
    const failure = fault?.(request);
    const refusal = this.#refusal(request, points);
    if (refusal === undefined && (failure === undefined || appliesFaulty)) this.#apply(points);
    await this.#sleep(half, call);
    if (failure !== undefined) throw failure;
    if (refusal !== undefined) throw refusal;
    return upserted?.(request) ?? points.length;
  }

  /** Get, Delete and Search: rate-limited as well. */
  async #answer(call: TransportCall<unknown, unknown>): Promise<unknown> {
    const { latencyMs = 10 } = this.#options;
    await this.#sleep(typeof latencyMs === "number" ? latencyMs : 10, call);
    this.#checkRate();
    const { id = "" } = call.message as { id?: string };
    const stored = this.stored.get(id);
    if (call.method.name === "Search") return { results: [] };
    if (call.method.name === "Delete") return {};
    if (stored === undefined) throw new TransportFailure("NOT_FOUND", `vector with id ${id} not found`);
    return { point: { id, vector: Float32Array.from(stored.vector), payload: stored.payload } };
  }

  #refusal({ bytes }: StoreRequest, points: readonly Point[]): TransportFailure | undefined {
    const { isPoison, maxRequestBytes = Number.POSITIVE_INFINITY } = this.#options;
    if (bytes > maxRequestBytes) {
      const text = `grpc: received message larger than max (${bytes} vs. ${maxRequestBytes})`;
      return new TransportFailure("RESOURCE_EXHAUSTED", text, { requestSent: "yes" });
    }
    const poison = isPoison && points.find(isPoison);
    return poison && new TransportFailure("INVALID_ARGUMENT", "a point is invalid", { requestSent: "yes" });
  }

  #checkRate(): void {
    const { rateLimit, runtime } = this.#options;
    if (rateLimit === undefined) return;
    if (runtime.now() - this.#windowStartMs >= 1_000) {
      this.#windowStartMs = runtime.now();
      this.#inWindow = 0;
    }
    if (++this.#inWindow <= rateLimit) return;
    this.refused++;
    throw new TransportFailure("RESOURCE_EXHAUSTED", `rate limit of ${rateLimit} RPS exceeded`, {
      requestSent: "yes",
    });
  }

  #apply(points: readonly Point[]): void {
    for (const { id, vector, payload } of points) {
      this.stored.set(id, { vector: [...vector], payload: { ...payload } });
    }
  }

  #enter({ ids }: StoreRequest): void {
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    for (const id of new Set(ids)) {
      const count = this.#idsInFlight.get(id) ?? 0;
      this.overlapped ||= count > 0;
      this.#idsInFlight.set(id, count + 1);
    }
  }

  #leave({ ids }: StoreRequest): void {
    this.inFlight--;
    for (const id of new Set(ids)) this.#idsInFlight.set(id, (this.#idsInFlight.get(id) ?? 1) - 1);
  }

  #sleep(delayMs: number, { signal }: TransportCall<unknown, unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        timer.cancel();
        reject(new TransportFailure("CANCELLED", "aborted", { requestSent: "unknown" }));
      };
      const timer = this.#options.runtime.setTimer(() => {
        signal.removeEventListener("abort", abort);
        resolve();
      }, delayMs);
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
    });
  }
}
