import { openSource } from "../readers/open-source.ts";
import type { ReadOptions, SourceHead } from "../readers/record-source.ts";
import type { GoodRow, Row } from "../readers/row.ts";
import { type FieldMap, type FieldOptions, guessFields } from "./field-map.ts";
import type { MappedSource } from "./record-feed.ts";
import { toPoint } from "./to-point.ts";

/** A source whose first rows have been looked at. */
export interface ExaminedSource extends MappedSource {
  /** Of the first rows, how most vectors are long; undefined when no row could be read. */
  readonly dimension: number | undefined;
  readonly head: SourceHead | undefined;
  /** The first row that could be read. */
  readonly sample: GoodRow | undefined;
}

const EXAMINED_ROWS = 100;
/** Of a file whose rows are all bad, that many are looked at. */
const MOST_EXAMINED_ROWS = 10_000;

const NOTHING: FieldMap = { id: "id", vector: "vector", payload: undefined, spread: undefined };

/** Opens a file and finds its fields in its first rows. */
export async function openMapped(
  path: string,
  read: ReadOptions,
  fields: FieldOptions,
): Promise<ExaminedSource> {
  const source = await openSource(path, read);
  try {
    const all = source.rows();
    const { groups, good } = await readFirst(all);
    const map = good.length === 0 ? NOTHING : guessFields(good, fields, source.name);
    const rows = chain(groups, all);
    const { head } = source;
    return { source, rows, map, dimension: dimensionOf(good, map), head, sample: good[0] };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function readFirst(all: AsyncGenerator<readonly Row[]>) {
  const groups: (readonly Row[])[] = [];
  const good: GoodRow[] = [];
  for (let read = 0; good.length < EXAMINED_ROWS && read < MOST_EXAMINED_ROWS; ) {
    const { done, value } = await all.next();
    if (done) break;
    groups.push(value);
    read += value.length;
    for (const row of value) if ("fields" in row && good.length < EXAMINED_ROWS) good.push(row);
  }
  return { groups, good };
}

async function* chain(first: (readonly Row[])[], rest: AsyncIterable<readonly Row[]>) {
  for (let group = first.shift(); group !== undefined; group = first.shift()) yield group;
  yield* rest;
}

function dimensionOf(rows: readonly GoodRow[], map: FieldMap): number | undefined {
  const counts = new Map<number, number>();
  for (const { fields } of rows) {
    const vector = toPoint(fields, map).vector as ArrayLike<number> | undefined;
    if (typeof vector === "object" && vector.length > 0) {
      counts.set(vector.length, (counts.get(vector.length) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** What was found, for people: which field becomes what. */
export function describeMap({ source, map, sample, dimension }: ExaminedSource): string {
  if (sample === undefined) return `${source.name}: no record could be read`;
  const { id, vector, payload, spread } = map;
  const taken = new Set([id, ...(typeof vector === "string" ? [vector] : vector)]);
  const rest = payload ?? Object.keys(sample.fields).filter((name) => !taken.has(name));
  const stored = rest.map((name) => (name === spread ? `the fields of "${name}"` : `"${name}"`));
  const vectorName =
    typeof vector === "string"
      ? `"${vector}"`
      : `"${vector[0]}" to "${vector.at(-1)}" (${vector.length} fields)`;
  return [
    `${source.name}: ${source.format}`,
    `  id       from "${id}"`,
    `  vector   from ${vectorName}${dimension === undefined ? "" : `, ${dimension} components`}`,
    `  payload  from ${stored.length === 0 ? "nothing" : stored.join(", ")}`,
  ].join("\n");
}
