import type { ByteInput } from "./byte-input.ts";
import { ByteTaker } from "./byte-taker.ts";
import { FLOAT32, UINT8 } from "./component-type.ts";
import type { RecordSource } from "./record-source.ts";
import type { RowIds } from "./row-ids.ts";
import { vectorRows } from "./vector-rows.ts";

const GROUP_ROWS = 256;
const MAX_DIMENSION = 1_000_000;

/**
 * The files of the ANN benchmarks (corpus-texmex.irisa.fr): each vector is its
 * number of components in 32 bits, then the components: float32 in fvecs, bytes
 * in bvecs.
 */
export function readVecs(input: ByteInput, format: "fvecs" | "bvecs", ids: RowIds): RecordSource {
  return vectorRows({ input, ids, format, vectors: () => vectorsOf(input, format) });
}

async function* vectorsOf(
  input: ByteInput,
  format: "fvecs" | "bvecs",
): AsyncGenerator<readonly Float32Array[]> {
  const type = format === "fvecs" ? FLOAT32 : UINT8;
  const bytes = new ByteTaker(input.chunks());
  let group: Float32Array[] = [];
  let read = 0;
  try {
    for (;;) {
      const head = await bytes.take(4);
      if (head.length === 0) break;
      const dimension = head.length === 4 ? head.readInt32LE() : 0;
      if (head.length === 4 && (dimension < 1 || dimension > MAX_DIMENSION)) {
        throw new RangeError(`a vector of ${dimension} components: the file is damaged or not ${format}`);
      }
      const block = await bytes.take(dimension * type.bytes);
      if (head.length < 4 || block.length < dimension * type.bytes) {
        throw new RangeError(`the file ends within vector ${read + 1}`);
      }
      group.push(type.read(block));
      read += 1;
      if (group.length < GROUP_ROWS) continue;
      yield group;
      group = [];
    }
  } catch (error) {
    if (group.length > 0) yield group;
    throw error;
  }
  if (group.length > 0) yield group;
}
