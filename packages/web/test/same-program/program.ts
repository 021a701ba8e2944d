import {
  type CallOptions,
  type Collection,
  type CollectionStatus,
  type Interceptor,
  NotFoundError,
  type PayloadCodec,
  type Point,
  type SearchResult,
  VectronClient,
  VectronError,
} from "#client";

/** The options of whichever client this is compiled with. */
export type Options = ConstructorParameters<typeof VectronClient>[0];

interface Doc {
  readonly title: string;
}

const docPayload: PayloadCodec<Doc> = {
  encode: (_, doc) => ({ title: doc?.title ?? "" }),
  decode: (_, { title = "" }) => ({ title }),
};

const retrying: CallOptions = { timeoutMs: 1_000, retry: { maxAttempts: 5 }, hedge: true };

const tracing: Interceptor = (next) => (call) =>
  next({ ...call, headers: { ...call.headers, traceparent: "00" } });

/** A program that is the same over gRPC and over fetch but for its import and its address. */
export async function program(address: Options): Promise<readonly string[]> {
  const client = new VectronClient({ ...address, apiKey: "token", interceptors: [tracing] });
  try {
    const status: CollectionStatus = await client.ensureCollection({ name: "docs", dimension: 2 });
    await client.upsert("docs", [
      { id: "a", vector: new Float32Array(status.dimension), payload: { title: "A" } },
    ]);
    const docs: Collection<Doc> = client.collection("docs", { codec: docPayload });
    const [hit]: SearchResult<Doc>[] = await docs.search({ vector: [1, 2], topK: 1 }, retrying);
    const points: (Point<Doc> | undefined)[] = await docs.getMany(["a", "b"]);
    const titles: string[] = [hit?.payload?.title ?? ""];
    for (const point of points) if (point !== undefined) titles.push(point.payload.title);
    for await (const results of client.searchStream("docs", { vector: [1, 2] }))
      titles.push(results[0]?.id ?? "");
    return titles;
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    if (VectronError.isInstance(error)) throw new Error(error.code, { cause: error });
    throw error;
  } finally {
    await client.close();
  }
}
