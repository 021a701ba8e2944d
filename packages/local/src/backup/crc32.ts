const POLYNOMIAL = 0xedb8_8320;
const SLICES = 8;

/** `TABLES[k][b]`: what the byte `b` does to the checksum when `k` more bytes follow. */
const TABLES = makeTables();

/**
 * The CRC-32 of zlib and of Ethernet, continued from `before`. In plain code, for
 * runtimes that have none; eight bytes at a time.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let crc = ~before;
  let i = 0;
  for (const end = bytes.length - SLICES; i <= end; i += SLICES) {
    crc =
      t7[(crc ^ bytes[i]!) & 0xff]! ^
      t6[((crc >>> 8) ^ bytes[i + 1]!) & 0xff]! ^
      t5[((crc >>> 16) ^ bytes[i + 2]!) & 0xff]! ^
      t4[((crc >>> 24) ^ bytes[i + 3]!) & 0xff]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i += 1) crc = t0[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    return crc;
  });
  const tables = [first];
  for (let slice = 1; slice < SLICES; slice += 1) {
    const previous = tables[slice - 1]!;
    tables.push(previous.map((crc) => first[crc & 0xff]! ^ (crc >>> 8)));
  }
  return tables;
}
