import { vectorOf } from "./records.ts";

/** Little-endian bytes of numbers. */
export function float32(values: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}

export function npy(descr: string, shape: string, data: Buffer): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([
    Buffer.from("\u0093NUMPY\u0001\u0000", "latin1"),
    length,
    Buffer.from(padded, "latin1"),
    data,
  ]);
}

export function vecs(
  rows: readonly (readonly number[])[],
  componentBytes: (values: readonly number[]) => Buffer,
): Buffer {
  return Buffer.concat(
    rows.flatMap((row) => {
      const length = Buffer.alloc(4);
      length.writeInt32LE(row.length);
      return [length, componentBytes(row)];
    }),
  );
}

export const ROWS = [0, 1, 2].map((index) => vectorOf(index));
