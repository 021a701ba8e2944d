import { connect, Index, type Table, type VectorQuery } from "@lancedb/lancedb";
import {
  Table as ArrowTable,
  Field,
  FixedSizeList,
  Float32,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
} from "apache-arrow";
import type { OpenEngine } from "./engine.ts";

const TABLE = "vectors";

/** LanceDB with its HNSW index over 8-bit codes, the nearest to what the others do. */
export const openLanceEngine: OpenEngine = async (directory, dimension) => {
  const database = await connect(directory);
  let table: Table | undefined;
  if ((await database.tableNames()).includes(TABLE)) table = await database.openTable(TABLE);
  return {
    async load(vectors, first) {
      const batch = arrowTable(vectors, dimension, first);
      if (table === undefined) table = await database.createTable(TABLE, batch);
      else await table.add(batch);
    },
    async build() {
      await table?.optimize();
      await table?.createIndex("vector", {
        config: Index.hnswSq({ distanceType: "l2", m: 16, efConstruction: 128, numPartitions: 1 }),
      });
    },
    async search(query, count) {
      if (table === undefined) return [];
      const search = table.vectorSearch(query) as VectorQuery;
      const found = await search
        .distanceType("l2")
        .ef(256)
        .select(["id", "_distance"])
        .limit(count)
        .toArray();
      return found.map(({ id }: { readonly id: number }) => id);
    },
    async close() {
      table?.close();
      database.close();
    },
  };
};

function arrowTable(vectors: Float32Array, dimension: number, first: number): ArrowTable {
  const length = vectors.length / dimension;
  const vectorType = new FixedSizeList(dimension, new Field("item", new Float32(), true));
  const fields = [new Field("id", new Int32(), false), new Field("vector", vectorType, false)];
  const ids = makeData({ type: new Int32(), data: Int32Array.from({ length }, (_, n) => first + n) });
  const child = makeData({ type: new Float32(), data: vectors });
  const lists = makeData({ type: vectorType, length, nullCount: 0, child });
  const rows = makeData({ type: new Struct(fields), length, nullCount: 0, children: [ids, lists] });
  const schema = new Schema(fields);
  return new ArrowTable(schema, [new RecordBatch(schema, rows)]);
}
