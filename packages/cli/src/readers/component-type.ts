import { endianness } from "node:os";

/** How the components of a vector lie in a file. */
export interface ComponentType {
  /** Bytes of one component. */
  readonly bytes: number;
  /** The components of a block of bytes, as float32. */
  read(block: Buffer): Float32Array;
}

const isLittle = endianness() === "LE";

/** Components of 32 bits, in the order of the bytes that all these formats have. */
export const FLOAT32: ComponentType = {
  bytes: 4,
  read(block) {
    if (!isLittle) return each(4, (bytes, at) => bytes.readFloatLE(at)).read(block);
    const vector = new Float32Array(block.length / 4);
    new Uint8Array(vector.buffer).set(block);
    return vector;
  },
};

export const UINT8: ComponentType = { bytes: 1, read: (block) => Float32Array.from(block) };

const BY_NAME: Readonly<Record<string, ComponentType>> = {
  "<f4": FLOAT32,
  ">f4": each(4, (bytes, at) => bytes.readFloatBE(at)),
  "<f8": each(8, (bytes, at) => bytes.readDoubleLE(at)),
  ">f8": each(8, (bytes, at) => bytes.readDoubleBE(at)),
  "<f2": each(2, (bytes, at) => halfFloat(bytes.readUInt16LE(at))),
  "|u1": UINT8,
  "|i1": each(1, (bytes, at) => bytes.readInt8(at)),
  "<i2": each(2, (bytes, at) => bytes.readInt16LE(at)),
  "<i4": each(4, (bytes, at) => bytes.readInt32LE(at)),
};

/** The type that NumPy calls so; undefined for what is no component. */
export function componentType(descr: string): ComponentType | undefined {
  return BY_NAME[descr];
}

function each(bytes: number, readAt: (block: Buffer, at: number) => number): ComponentType {
  return {
    bytes,
    read: (block) => Float32Array.from({ length: block.length / bytes }, (_, i) => readAt(block, i * bytes)),
  };
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}
