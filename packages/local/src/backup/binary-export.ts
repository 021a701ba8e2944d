import type { Point } from "../engine/point.ts";
import { decodePoint, encodePoint, maxPointBytes } from "../engine/point-codec.ts";
import type { CollectionSpec } from "../engine/store.ts";
import type { ByteSource } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";
import { checkCount, checkVersion, damagedExport } from "./export-errors.ts";
import { EXPORT_VERSION, type ExportPart, type ExportWriter } from "./export-format.ts";
import { specOf } from "./export-spec.ts";

/**
 * After the magic bytes, frames, little-endian:
 *
 *     u8     kind: 1 head, 2 points, 3 end
 *     u32    bytes of the body
 *     u32    CRC-32 of the two fields above, the body, and, chained, of all frames before
 *     bytes  the body
 *
 * The head's body is JSON; that of points is, for each, u32 bytes and the point as
 * `point-codec.ts` writes it; the end's is the number of points, as a float64.
 */
export const BINARY_MAGIC: Uint8Array = new TextEncoder().encode("\u0089VECTRON\r\n\u001a\n");

const HEAD = 1;
const POINTS = 2;
const END = 3;
const FRAME_HEADER_BYTES = 9;
/** More than any batch of the writer takes, little enough to be held. */
const MAX_BODY_BYTES = 1024 * 1024 * 1024;

export class BinaryExportWriter implements ExportWriter {
  #crc = 0;
  #count = 0;

  head({ name, dimension, distance }: CollectionSpec): Uint8Array {
    const text = JSON.stringify({ version: EXPORT_VERSION, name, dimension, distance });
    const frame = this.#frame(HEAD, new TextEncoder().encode(text));
    const bytes = new Uint8Array(BINARY_MAGIC.length + frame.length);
    bytes.set(BINARY_MAGIC);
    bytes.set(frame, BINARY_MAGIC.length);
    return bytes;
  }

  points(points: readonly Point[]): Uint8Array {
    const room = points.reduce((sum, point) => sum + 4 + maxPointBytes(point), 0);
    const body = new Uint8Array(room);
    const view = new DataView(body.buffer);
    let offset = 0;
    for (const point of points) {
      const bytes = encodePoint(point, body.subarray(offset + 4));
      view.setUint32(offset, bytes, true);
      offset += 4 + bytes;
    }
    this.#count += points.length;
    return this.#frame(POINTS, body.subarray(0, offset));
  }

  end(): Uint8Array {
    return this.#frame(END, new Uint8Array(Float64Array.of(this.#count).buffer));
  }

  #frame(kind: number, body: Uint8Array): Uint8Array {
    const frame = new Uint8Array(FRAME_HEADER_BYTES + body.length);
    const view = new DataView(frame.buffer);
    frame[0] = kind;
    view.setUint32(1, body.length, true);
    frame.set(body, FRAME_HEADER_BYTES);
    this.#crc = frameCrc(frame.subarray(0, 5), body, this.#crc);
    view.setUint32(5, this.#crc, true);
    return frame;
  }
}

/** Reads what `BinaryExportWriter` wrote, from after the magic bytes on. */
export async function* readBinaryExport(source: ByteSource): AsyncGenerator<ExportPart> {
  let crc = 0;
  let count = 0;
  let dimension = 0;
  for (;;) {
    const header = await source.take(FRAME_HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const length = view.getUint32(1, true);
    if (length > MAX_BODY_BYTES) throw damagedExport(`a frame is said to have ${length} bytes`);
    const expected = view.getUint32(5, true);
    const fields = header.slice(0, 5);
    const body = await source.take(length);
    crc = frameCrc(fields, body, crc);
    if (crc !== expected) throw damagedExport(`a checksum is wrong, before byte ${source.position}`);
    const part = decodeFrame(fields[0]!, body, { dimension, count });
    if (part.kind === "head") dimension = part.spec.dimension;
    else if (dimension === 0) throw damagedExport("it has no head");
    if (part.kind === "points") count += part.points.length;
    yield part;
    if (part.kind === "end") return;
  }
}

function decodeFrame(
  kind: number,
  body: Uint8Array,
  { dimension, count }: { readonly dimension: number; readonly count: number },
): ExportPart {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  switch (kind) {
    case HEAD: {
      const head = JSON.parse(new TextDecoder().decode(body));
      checkVersion(head.version);
      return { kind: "head", spec: specOf(head) };
    }
    case POINTS:
      return { kind: "points", points: decodePoints(body, dimension) };
    case END:
      checkCount(view.getFloat64(0, true), count);
      return { kind: "end" };
    default:
      throw damagedExport(`a frame is of kind ${kind}`);
  }
}

function decodePoints(body: Uint8Array, dimension: number): Point[] {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const points: Point[] = [];
  for (let offset = 0; offset < body.length; ) {
    const length = view.getUint32(offset, true);
    points.push(decodePoint(body.subarray(offset + 4, offset + 4 + length), new Float32Array(dimension)));
    offset += 4 + length;
  }
  return points;
}

function frameCrc(fields: Uint8Array, body: Uint8Array, before: number): number {
  return crc32(body, crc32(fields, before));
}
