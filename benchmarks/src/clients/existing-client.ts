import {
  type CallOptions,
  type ChannelOptions,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { type NumberPoint, withNumbers } from "../data/points.ts";
import {
  Point,
  SearchRequest,
  type SearchResponse,
  UpsertRequest,
  type UpsertResponse,
  VectronServiceClient,
} from "../gen/ts-proto/vectron/v1/vectron.ts";
import { API_KEY, COLLECTION, type OpenClient, TIMEOUT_MS, TOP_K } from "./bench-client.ts";

const MESSAGE_BYTES = 16 * 1024 * 1024;
const MAX_ATTEMPTS = 3;
const RETRYABLE = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.RESOURCE_EXHAUSTED];

const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.max_receive_message_length": MESSAGE_BYTES,
  "grpc.max_send_message_length": MESSAGE_BYTES,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 0,
  "grpc.primary_user_agent": "vectron-js-client",
};

type Callback<O> = (error: ServiceError | null, reply: O) => void;

/**
 * A client built as the one that ships with the server is: ts-proto's messages
 * and grpc-js client, a message object made for each point, a loop of retries
 * around each call, and batches dealt out to workers in advance.
 */
export class ExistingClient {
  readonly #client: VectronServiceClient;

  constructor(address: string) {
    this.#client = new VectronServiceClient(address, credentials.createInsecure(), CHANNEL_OPTIONS);
  }

  async upsert(collection: string, points: readonly NumberPoint[]): Promise<number> {
    const request = UpsertRequest.create({ collection, points: points.map(toMessage) });
    const reply = await this.#withRetries(false, () =>
      promised<UpsertResponse>((callback) => this.#client.upsert(request, headers(), options(), callback)),
    );
    return reply.upserted;
  }

  async search(collection: string, vector: number[], topK: number) {
    if (vector.length === 0) throw new Error("Query vector cannot be empty.");
    const request = SearchRequest.create({ collection, vector, topK, includeMetadata: true });
    const reply = await this.#withRetries(true, () =>
      promised<SearchResponse>((callback) => this.#client.search(request, headers(), options(), callback)),
    );
    return reply.results.map(({ id, score, payload }) => ({ id, score, payload }));
  }

  /** Loads points in batches: each of several workers sends its share, one batch after the other. */
  async upsertBatch(
    collection: string,
    points: readonly NumberPoint[],
    { batchSize, concurrency }: { readonly batchSize: number; readonly concurrency: number },
  ): Promise<number> {
    const batches: (readonly NumberPoint[])[] = [];
    for (let from = 0; from < points.length; from += batchSize) {
      batches.push(points.slice(from, from + batchSize));
    }
    const workers = Array.from({ length: concurrency }, async (_, worker) => {
      let upserted = 0;
      for (const batch of batches.filter((_, index) => index % concurrency === worker)) {
        upserted += await this.upsert(collection, batch);
      }
      return upserted;
    });
    return (await Promise.all(workers)).reduce((sum, count) => sum + count, 0);
  }

  async #withRetries<O>(repeatable: boolean, call: () => Promise<O>): Promise<O> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const { code } = error as ServiceError;
        if (!repeatable || attempt >= MAX_ATTEMPTS || !RETRYABLE.includes(code)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
      }
    }
  }
}

function toMessage({ id, vector, payload }: NumberPoint): Point {
  if (id === "") throw new Error("Point ID cannot be empty.");
  if (vector.length === 0) throw new Error("Point vector cannot be empty.");
  return Point.create({ id, vector, payload });
}

function headers(): Metadata {
  const metadata = new Metadata();
  metadata.add("authorization", `Bearer ${API_KEY}`);
  return metadata;
}

function options(): Partial<CallOptions> {
  return { deadline: new Date(Date.now() + TIMEOUT_MS) };
}

function promised<O>(call: (callback: Callback<O>) => unknown): Promise<O> {
  return new Promise((resolve, reject) => {
    call((error, reply) => {
      if (error === null) resolve(reply);
      else reject(error);
    });
  });
}

export const openExistingClient: OpenClient = ({ address, points, query }) => {
  const client = new ExistingClient(address);
  const numbers = withNumbers(points);
  const vector = [...query];
  return {
    search: () => client.search(COLLECTION, vector, TOP_K),
    upsert: () => client.upsert(COLLECTION, numbers),
  };
};
