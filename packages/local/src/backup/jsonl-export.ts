import type { Point } from "../engine/point.ts";
import type { CollectionSpec } from "../engine/store.ts";
import { checkPointDimensions, checkPoints, checkPointsFinite } from "../service/checks.ts";
import type { ByteSource } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";
import { checkCount, checkVersion, damagedExport, truncatedExport } from "./export-errors.ts";
import { EXPORT_VERSION, type ExportPart, type ExportWriter } from "./export-format.ts";
import { specOf } from "./export-spec.ts";

/**
 * The first line is the head, the last the end with the number of points and, if
 * it has not been removed because of edits, the CRC-32 of all bytes before it. Each
 * line between is a point. Components are the shortest decimals that give the same
 * float64, and so the same float32, again.
 */
const KIND = "vectron";
/** A point of the largest dimension, and its payload. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const LINES_PER_PART = 500;

export class JsonlExportWriter implements ExportWriter {
  #crc = 0;
  #count = 0;

  head({ name, dimension, distance }: CollectionSpec): Uint8Array {
    return this.#encode(
      `${JSON.stringify({ [KIND]: "export", version: EXPORT_VERSION, name, dimension, distance })}\n`,
    );
  }

  points(points: readonly Point[]): Uint8Array {
    this.#count += points.length;
    return this.#encode(points.map(pointLine).join(""));
  }

  end(): Uint8Array {
    const crc = this.#crc.toString(16).padStart(8, "0");
    return this.#encode(`${JSON.stringify({ [KIND]: "end", points: this.#count, crc32: crc })}\n`);
  }

  #encode(text: string): Uint8Array {
    const bytes = new TextEncoder().encode(text);
    this.#crc = crc32(bytes, this.#crc);
    return bytes;
  }
}

function pointLine({ id, vector, payload }: Point): string {
  return `{"id":${JSON.stringify(id)},"vector":[${componentsOf(vector)}],"payload":${JSON.stringify(payload)}}\n`;
}

/** JSON knows -0; `JSON.stringify` does not. */
function componentsOf(vector: Float32Array): string {
  return Array.from(vector, (component) => (Object.is(component, -0) ? "-0" : String(component))).join(",");
}

type Line = { readonly [name: string]: unknown };

/** Reads what `JsonlExportWriter` wrote, or what was made of it by hand. */
export async function* readJsonlExport(source: ByteSource): AsyncGenerator<ExportPart> {
  const lines = readLines(source);
  const head = (await lines.next()).value;
  if (head?.line[KIND] !== "export") throw damagedExport("its first line is not the head of an export");
  checkVersion(head.line.version);
  const spec = specOf(head.line);
  yield { kind: "head", spec };
  let count = 0;
  let points: Point[] = [];
  for await (const { line, number, crcBefore } of lines) {
    if (KIND in line) {
      yield { kind: "points", points };
      checkEnd(line, crcBefore, count);
      yield { kind: "end" };
      return;
    }
    points.push(pointOf(line, number, spec.dimension));
    count += 1;
    if (points.length < LINES_PER_PART) continue;
    yield { kind: "points", points };
    points = [];
  }
  throw truncatedExport(source.position);
}

async function* readLines(source: ByteSource) {
  let crc = 0;
  for (let number = 1; ; number += 1) {
    const bytes = await source.takeLine(MAX_LINE_BYTES);
    if (bytes === undefined) return;
    yield { line: parse(bytes, number), number, crcBefore: crc };
    crc = crc32(LINE_FEED, crc32(bytes, crc));
  }
}

const LINE_FEED = Uint8Array.of(0x0a);

const decoder = new TextDecoder("utf-8", { fatal: true });

function parse(bytes: Uint8Array, number: number): Line {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    if (typeof value === "object" && value !== null) return value as Line;
  } catch (error) {
    throw damagedExport(`line ${number} is not JSON`, error);
  }
  throw damagedExport(`line ${number} is not a JSON object`);
}

function checkEnd(end: Line, crc: number, count: number): void {
  const { [KIND]: kind, points, crc32: said, ...others } = end;
  if (kind !== "end" || Object.keys(others).length > 0)
    throw damagedExport("its last line is not an end mark");
  checkCount(Number(points), count);
  if (said === undefined || said === crc.toString(16).padStart(8, "0")) return;
  throw damagedExport("its checksum is wrong; remove crc32 from its last line if you have edited it");
}

function pointOf({ id, vector, payload = {} }: Line, number: number, dimension: number): Point {
  const isPoint =
    typeof id === "string" &&
    Array.isArray(vector) &&
    vector.every((component) => typeof component === "number") &&
    typeof payload === "object" &&
    payload !== null &&
    Object.values(payload).every((value) => typeof value === "string");
  if (!isPoint) throw damagedExport(`line ${number} is not a point`);
  const point = { id, vector: Float32Array.from(vector), payload: payload as Record<string, string> };
  try {
    checkPoints([point]);
    checkPointDimensions([point], dimension);
    checkPointsFinite([point]);
  } catch (error) {
    throw damagedExport(`line ${number}: ${(error as Error).message}`, error);
  }
  return point;
}
