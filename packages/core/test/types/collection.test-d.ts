// Checked by the compiler, and never run: `npm run typecheck`.
import { expectTypeOf } from "vitest";
import {
  type BulkReport,
  type BulkWriter,
  type Collection,
  type Payload,
  type PayloadCodec,
  type Point,
  type PointInput,
  type SearchResult,
  type Settled,
  VectronClient,
} from "../../src/index.ts";
import { ScriptedTransport } from "../../src/testing/index.ts";

const client = new VectronClient(new ScriptedTransport([]));

interface Doc {
  readonly title: string;
  readonly year: number;
}
const point = { id: "a", vector: [1] };

export const payloadsAreStringsByDefault = async () => {
  expectTypeOf(client.collection("docs")).toEqualTypeOf<Collection<Payload>>();
  expectTypeOf(await client.get("docs", "a")).toEqualTypeOf<Point>();
  expectTypeOf<Point["payload"]>().toEqualTypeOf<Record<string, string>>();
  expectTypeOf<Point["vector"]>().toEqualTypeOf<Float32Array>();
  await client.upsert("docs", [{ ...point, payload: { lang: "en" } }]);
  // @ts-expect-error a number is no string
  await client.upsert("docs", [{ ...point, payload: { year: 1984 } }]);
};

export const aHandleTypesEveryPayload = async (docs: Collection<Doc>) => {
  expectTypeOf(docs.upsert).parameter(0).toEqualTypeOf<readonly PointInput<Doc>[]>();
  expectTypeOf(await docs.upsert([])).toEqualTypeOf<number>();
  expectTypeOf(await docs.get("a")).toEqualTypeOf<Point<Doc>>();
  expectTypeOf(await docs.search({ vector: [1] })).toEqualTypeOf<SearchResult<Doc>[]>();
  expectTypeOf(docs.searchStream({ vector: [1] })).toEqualTypeOf<AsyncIterable<SearchResult<Doc>[]>>();
  expectTypeOf(docs.bulkWriter()).toEqualTypeOf<BulkWriter<Doc>>();
  expectTypeOf(await docs.bulkUpsert([])).toEqualTypeOf<BulkReport>();
  // @ts-expect-error the year is missing
  await docs.upsert([{ ...point, payload: { title: "Nineteen Eighty-Four" } }]);
  // @ts-expect-error the year is no string
  await docs.bulkWriter().write({ ...point, payload: { title: "", year: "1984" } });
};

export const aHitHasWhatWasAskedFor = (hit: SearchResult<Doc>) => {
  expectTypeOf(hit.payload).toEqualTypeOf<Doc | undefined>();
  expectTypeOf(hit.vector).toEqualTypeOf<Float32Array | undefined>();
};

export const settledChangesTheResult = async (docs: Collection<Doc>) => {
  expectTypeOf(await docs.getMany(["a"])).toEqualTypeOf<(Point<Doc> | undefined)[]>();
  expectTypeOf(await docs.getMany(["a"], { settled: true })).toEqualTypeOf<
    Settled<Point<Doc> | undefined>[]
  >();
  expectTypeOf(await docs.deleteMany(["a"])).toEqualTypeOf<void>();
  expectTypeOf(await docs.deleteMany(["a"], { settled: true })).toEqualTypeOf<Settled<void>[]>();
  expectTypeOf(await docs.searchMany([])).toEqualTypeOf<SearchResult<Doc>[][]>();
};

export const aCodecTypesTheHandle = (codec: PayloadCodec<Doc>) => {
  expectTypeOf(client.collection("docs", { codec })).toEqualTypeOf<Collection<Doc>>();
  // @ts-expect-error the codec is of another type
  client.collection<{ other: boolean }>("docs", { codec });
};

export const vectorsComeInEveryForm = async () => {
  for (const vector of [[1, 2], new Float32Array(2), new Float64Array(2), { length: 1, 0: 1 }]) {
    await client.search("docs", { vector });
  }
  // @ts-expect-error text is no number
  await client.search("docs", { vector: ["1"] });
};
