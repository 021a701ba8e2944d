import { UsageError } from "../cli/usage-error.ts";
import type { ByteInput } from "./byte-input.ts";
import { ByteTaker } from "./byte-taker.ts";
import { type ComponentType, componentType } from "./component-type.ts";
import type { RecordSource } from "./record-source.ts";
import type { RowIds } from "./row-ids.ts";
import { vectorRows } from "./vector-rows.ts";

const GROUP_ROWS = 256;

/** A NumPy array of two dimensions, a vector a row (numpy.lib.format, versions 1 to 3). */
export function readNpy(input: ByteInput, ids: RowIds): RecordSource {
  return vectorRows({ input, ids, format: "npy", vectors: () => vectorsOf(input) });
}

async function* vectorsOf(input: ByteInput): AsyncGenerator<readonly Float32Array[]> {
  const bytes = new ByteTaker(input.chunks());
  const { type, rows, columns } = await readHeader(bytes, input.name);
  const rowBytes = type.bytes * columns;
  for (let read = 0; read < rows; ) {
    const wanted = Math.min(GROUP_ROWS, rows - read);
    const block = await bytes.take(wanted * rowBytes);
    const whole = Math.floor(block.length / rowBytes);
    yield Array.from({ length: whole }, (_, i) =>
      type.read(block.subarray(i * rowBytes, (i + 1) * rowBytes)),
    );
    read += whole;
    if (whole < wanted) throw new RangeError(`the file ends after ${read} of ${rows} rows`);
  }
}

interface NpyHeader {
  readonly type: ComponentType;
  readonly rows: number;
  readonly columns: number;
}

const MAGIC = Buffer.from("\u0093NUMPY", "latin1");

async function readHeader(bytes: ByteTaker, name: string): Promise<NpyHeader> {
  const start = await bytes.take(8);
  if (!start.subarray(0, 6).equals(MAGIC)) throw new UsageError(`${name} is not an .npy file`);
  const version = start[6] ?? 0;
  const length = version === 1 ? (await bytes.take(2)).readUInt16LE() : (await bytes.take(4)).readUInt32LE();
  const text = (await bytes.take(length)).toString("latin1");
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1] ?? "";
  const sizes = shape.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  const type = descr === undefined ? undefined : componentType(descr);
  if (type === undefined) throw new UsageError(`${name}: arrays of type ${descr ?? "?"} are not vectors`);
  if (fortran !== "False")
    throw new UsageError(`${name} is in Fortran order: save it with numpy.ascontiguousarray`);
  // One vector by itself, as numpy.save keeps it.
  const [rows, columns, ...others] = sizes.length === 1 ? [1, ...sizes] : sizes;
  if (rows === undefined || !columns || others.length > 0) {
    throw new UsageError(`${name} must have two dimensions, rows and components; it has shape (${shape})`);
  }
  return { type, rows, columns };
}
