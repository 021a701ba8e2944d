import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import type { SpaceShape } from "./graph-space.ts";
import type { GraphSpec } from "./protocol.ts";

/** To be raised when the files, or what is in a graph, change their meaning. */
const FORMAT = 1;
const PIECE_BYTES = 4 * 1024 * 1024;
/** Bytes of the checksum and of the length of the head. */
const PREFIX_BYTES = 8;

/** What is kept of a graph, beside the library's own file. */
export interface GraphContent {
  readonly spec: GraphSpec;
  readonly shape: SpaceShape;
  /** By entry. */
  readonly records: Float64Array;
  readonly stamps: Uint32Array;
}

export interface KeptGraph extends GraphContent {
  /** The library's file, which has been found whole. */
  readonly file: string;
}

interface Head {
  readonly format: number;
  readonly spec: GraphSpec;
  readonly shape: SpaceShape;
  readonly entries: number;
  readonly graphBytes: number;
  readonly graphChecksum: number;
}

/**
 * Keeps a graph in two files: `path.graph` is the library's, `path.entries` says
 * what it is of, and has the checksums of both. Nothing is flushed: what a power
 * failure leaves of them has other checksums, and the graph is built again.
 */
export function keepGraph(path: string, content: GraphContent, save: (file: string) => void): void {
  const { graph, entries } = filesOf(path);
  mkdirSync(dirname(path), { recursive: true });
  try {
    save(`${graph}.new`);
    writeEntries(`${entries}.new`, content, measure(`${graph}.new`));
    renameSync(`${graph}.new`, graph);
    renameSync(`${entries}.new`, entries);
  } catch (error) {
    removeKeptGraph(path);
    throw error;
  }
}

/** The graph that was kept; undefined when there is none of this spec, or it is not whole. */
export function readKeptGraph(path: string, spec: GraphSpec): KeptGraph | undefined {
  const { graph, entries } = filesOf(path);
  try {
    const { head, ...columns } = readEntries(entries);
    if (head.format !== FORMAT || JSON.stringify(head.spec) !== JSON.stringify(spec)) return undefined;
    if (statSync(graph).size !== head.graphBytes) return undefined;
    if (measure(graph).checksum !== head.graphChecksum) return undefined;
    return { file: graph, spec: head.spec, shape: head.shape, ...columns };
  } catch {
    // Whatever is wrong with a cache, it is made again.
    return undefined;
  }
}

/** Removes what was kept, if anything was. */
export function removeKeptGraph(path: string): void {
  for (const file of Object.values(filesOf(path))) {
    for (const name of [file, `${file}.new`]) rmSync(name, { force: true });
  }
}

function filesOf(path: string): { readonly graph: string; readonly entries: string } {
  return { graph: `${path}.graph`, entries: `${path}.entries` };
}

function writeEntries(
  file: string,
  { spec, shape, records, stamps }: GraphContent,
  graph: { readonly bytes: number; readonly checksum: number },
): void {
  const head: Head = {
    format: FORMAT,
    spec,
    shape,
    entries: records.length,
    graphBytes: graph.bytes,
    graphChecksum: graph.checksum,
  };
  const text = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(text.length, 4);
  const bytes = Buffer.concat([prefix, text, bytesOf(records), bytesOf(stamps)]);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  writeFileSync(file, bytes);
}

/** @throws Error of any kind when the file is not there or not whole */
function readEntries(file: string): { head: Head; records: Float64Array; stamps: Uint32Array } {
  const bytes = readFileSync(file);
  if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) throw new Error("its checksum is wrong");
  const start = PREFIX_BYTES + bytes.readUInt32LE(4);
  const head = JSON.parse(bytes.toString("utf8", PREFIX_BYTES, start)) as Head;
  const middle = start + 8 * head.entries;
  return {
    head,
    records: new Float64Array(copyOf(bytes, start, middle)),
    stamps: new Uint32Array(copyOf(bytes, middle, middle + 4 * head.entries)),
  };
}

function copyOf(bytes: Buffer, start: number, end: number): ArrayBuffer {
  return new Uint8Array(bytes.subarray(start, end)).buffer;
}

function bytesOf(column: Float64Array | Uint32Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

function measure(file: string): { readonly bytes: number; readonly checksum: number } {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const fd = openSync(file, "r");
  try {
    let bytes = 0;
    let checksum = 0;
    for (;;) {
      const read = readSync(fd, piece, 0, piece.length, bytes);
      if (read === 0) return { bytes, checksum };
      checksum = crc32(piece.subarray(0, read), checksum);
      bytes += read;
    }
  } finally {
    closeSync(fd);
  }
}
