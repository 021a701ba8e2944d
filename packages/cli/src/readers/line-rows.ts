import type { ByteInput } from "./byte-input.ts";
import { splitLines } from "./lines.ts";
import type { Row } from "./row.ts";

/**
 * The rows of a file that has one record a line, in groups as they are read.
 *
 * @param parse - gives undefined for a line that is no record
 */
export async function* lineRows(
  input: ByteInput,
  parse: (line: Buffer, place: number) => Row | undefined,
): AsyncGenerator<readonly Row[]> {
  let place = 0;
  for await (const { lines, damage } of splitLines(input.chunks())) {
    const rows: Row[] = [];
    for (const line of lines) {
      place += 1;
      const row = parse(line, place);
      if (row !== undefined) rows.push(row);
    }
    if (damage !== undefined) rows.push({ place: place + 1, problem: damage });
    if (rows.length > 0) yield rows;
  }
}
