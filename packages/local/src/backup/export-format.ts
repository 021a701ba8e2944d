import type { Point } from "../engine/point.ts";
import type { CollectionSpec } from "../engine/store.ts";

/** `jsonl`: one JSON object a line, to read and to edit. `binary`: compact, and several times as fast. */
export type ExportFormat = "jsonl" | "binary";

export const EXPORT_FORMATS: readonly ExportFormat[] = ["jsonl", "binary"];

/** The version that this code writes, and the highest that it reads. */
export const EXPORT_VERSION = 1;

/** Turns a collection into bytes. */
export interface ExportWriter {
  head(spec: CollectionSpec): Uint8Array;
  points(points: readonly Point[]): Uint8Array;
  /** The end mark, with which an export is whole. */
  end(): Uint8Array;
}

/** What an export says, piece by piece. */
export type ExportPart =
  | { readonly kind: "head"; readonly spec: CollectionSpec }
  | { readonly kind: "points"; readonly points: readonly Point[] }
  | { readonly kind: "end" };
