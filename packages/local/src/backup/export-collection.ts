import type { Collection } from "../engine/collection.ts";
import type { Point } from "../engine/point.ts";
import { BinaryExportWriter } from "./binary-export.ts";
import type { ExportFormat, ExportWriter } from "./export-format.ts";
import { JsonlExportWriter } from "./jsonl-export.ts";

/** About how many bytes of vectors make a piece: little to hold, enough to be fast. */
const PIECE_BYTES = 256 * 1024;

/** The collection as it is when the first piece is asked for, however it changes while the rest is. */
export async function* exportCollection(
  collection: Collection,
  format: ExportFormat,
): AsyncGenerator<Uint8Array, void, void> {
  const writer: ExportWriter = format === "binary" ? new BinaryExportWriter() : new JsonlExportWriter();
  const snapshot = collection.snapshot();
  try {
    yield writer.head(collection.spec);
    for (const batch of batches(snapshot.points(), collection.spec.dimension)) yield writer.points(batch);
    yield writer.end();
  } finally {
    snapshot.close();
  }
}

function* batches(points: Iterable<Point>, dimension: number): Generator<readonly Point[], void, void> {
  const size = Math.max(1, Math.floor(PIECE_BYTES / (4 * dimension)));
  let batch: Point[] = [];
  for (const point of points) {
    batch.push(point);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
