import { UsageError } from "../cli/usage-error.ts";
import { parseVector } from "../points/parse-vector.ts";
import type { GoodRow } from "../readers/row.ts";

/** Which fields of a row become what of a point. */
export interface FieldMap {
  readonly id: string;
  /** One field that holds the whole vector, or a field for each component, in order. */
  readonly vector: string | readonly string[];
  /** The fields that are stored as payload; undefined: all others. */
  readonly payload: readonly string[] | undefined;
  /** A field whose own fields are stored, as if they stood beside it. */
  readonly spread: string | undefined;
}

/** What the command line says of fields. */
export interface FieldOptions {
  readonly idField?: string | undefined;
  /** A name, or a name with `*` for the numbers of components: `dim_*`. */
  readonly vectorField?: string | undefined;
  readonly payloadFields?: readonly string[] | undefined;
  /** Whether anything is stored beside id and vector. Default true. */
  readonly payload?: boolean | undefined;
}

const ID_NAMES = ["id", "_id", "uuid", "key", "doc_id", "docid", "document_id", "word", "token"];
const VECTOR_NAMES = ["vector", "embedding", "embeddings", "values", "emb", "vec", "features"];
const SPREAD_NAMES = ["payload", "metadata"];

/**
 * Finds the fields of points in the first rows of a file.
 *
 * @throws UsageError naming the option to pass, when they cannot be told
 */
export function guessFields(rows: readonly GoodRow[], options: FieldOptions, file: string): FieldMap {
  const names = [...new Set(rows.flatMap(({ fields }) => Object.keys(fields)))];
  const has = (what: string) =>
    new UsageError(`${file}: ${what}; its fields are ${names.join(", ") || "none"}`);
  const id = options.idField ?? byName(names, ID_NAMES);
  if (id === undefined) throw has("no field looks like an id: name it with --id-field");
  if (!names.includes(id)) throw has(`no field is named "${id}" (--id-field)`);
  const vector =
    options.vectorField === undefined
      ? guessVector(
          rows,
          names.filter((name) => name !== id),
        )
      : namedVector(names, options.vectorField);
  if (vector === undefined) {
    throw options.vectorField === undefined
      ? has("no field looks like a vector: name it with --vector-field")
      : has(`no field is named "${options.vectorField}" (--vector-field)`);
  }
  const payload = options.payload === false ? [] : options.payloadFields;
  const missing = payload?.find((name) => !names.includes(name));
  if (missing !== undefined) throw has(`no field is named "${missing}" (--payload-fields)`);
  const spread =
    payload === undefined
      ? names.find((name) => SPREAD_NAMES.includes(name) && isNested(rows, name))
      : undefined;
  return { id, vector, payload, spread };
}

function byName(names: readonly string[], candidates: readonly string[]): string | undefined {
  for (const candidate of candidates) {
    const found = names.find((name) => name.trim().toLowerCase() === candidate);
    if (found !== undefined) return found;
  }
  return undefined;
}

function guessVector(rows: readonly GoodRow[], names: readonly string[]): FieldMap["vector"] | undefined {
  const named = byName(names, VECTOR_NAMES);
  if (named !== undefined) return named;
  const lists = names.filter((name) => rows.some(({ fields }) => isNumberList(fields[name])));
  return lists.length === 1 ? lists[0] : componentFields(names);
}

function isNumberList(value: unknown): boolean {
  if (typeof value === "string") return (parseVector(value)?.length ?? 0) > 1;
  const { length } = (value ?? {}) as ArrayLike<unknown>;
  return typeof value === "object" && length > 0 && typeof (value as ArrayLike<unknown>)[0] === "number";
}

/** The largest run of fields that differ in a number only: `dim_0`, `dim_1`, … */
function componentFields(names: readonly string[]): readonly string[] | undefined {
  const groups = new Map<string, number>();
  for (const name of names) {
    const prefix = /^(.*?)\d+$/.exec(name)?.[1];
    if (prefix !== undefined) groups.set(prefix, (groups.get(prefix) ?? 0) + 1);
  }
  const [largest] = [...groups].sort((a, b) => b[1] - a[1]);
  if (largest === undefined || largest[1] < 2) return undefined;
  return componentsOf(names, largest[0], "");
}

function componentsOf(names: readonly string[], prefix: string, suffix: string): readonly string[] {
  const numberOf = (name: string) => name.slice(prefix.length, name.length - suffix.length);
  return names
    .filter((name) => name.startsWith(prefix) && name.endsWith(suffix) && /^\d+$/.test(numberOf(name)))
    .sort((a, b) => Number(numberOf(a)) - Number(numberOf(b)));
}

function namedVector(names: readonly string[], option: string): FieldMap["vector"] | undefined {
  if (names.includes(option)) return option;
  const [prefix, suffix, ...others] = option.split("*");
  if (prefix === undefined || suffix === undefined || others.length > 0) return undefined;
  const components = componentsOf(names, prefix, suffix);
  return components.length > 0 ? components : undefined;
}

function isNested(rows: readonly GoodRow[], name: string): boolean {
  return rows.some(({ fields }) => {
    const value = fields[name];
    return typeof value === "object" && value !== null && !Array.isArray(value);
  });
}
