import type { PointInput } from "@vectron/core";
import type { RecordSource } from "../readers/record-source.ts";
import type { GoodRow, Row } from "../readers/row.ts";
import type { FieldMap } from "./field-map.ts";
import type { RejectedFile, Rejection } from "./rejected-file.ts";
import { SeenIds } from "./seen-ids.ts";
import { toPoint } from "./to-point.ts";

/** A source and what its fields mean. */
export interface MappedSource {
  readonly source: RecordSource;
  /** All rows, those that were read to find the fields among them. */
  readonly rows: AsyncIterable<readonly Row[]>;
  readonly map: FieldMap;
}

export interface FeedOptions {
  readonly sources: readonly MappedSource[];
  readonly rejected: RejectedFile;
  readonly dimension: number;
  /** Whether an id that comes again is rejected. */
  readonly rejectDuplicates: boolean;
  /** How many records at the start an earlier load has settled. */
  readonly skip: number;
  /** What that load rejected. */
  readonly kept: readonly Rejection[];
  /** How many may be rejected before the load stops. */
  readonly maxRejected: number;
}

/** Where a record that was handed on came from. */
interface Origin {
  readonly source: RecordSource;
  readonly place: number;
}

/** Makes one number of a file and a place in it, exact for thousands of files. */
const PLACES_OF_A_FILE = 2 ** 40;

/** More records were rejected than the user puts up with. */
export class TooManyRejectedError extends Error {
  override readonly name = "TooManyRejectedError";
}

/**
 * The records of all files as points, in order. Keeps where those came from that
 * are under way, and sets aside what cannot be a point.
 */
export class RecordFeed {
  readonly #options: FeedOptions;
  readonly #seen = new SeenIds();
  readonly #kept: ReadonlySet<string>;
  /** Origins of the records from `#settled` on. */
  #origins: Origin[] = [];
  #settled: number;
  /** How many records were handed on. */
  #position = 0;
  #current: RecordSource | undefined;
  #done = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#settled = options.skip;
    this.#kept = new Set(options.kept.map(({ file, place }) => `${place} ${file}`));
  }

  /** How many records were handed on, those that an earlier load has settled among them. */
  get position(): number {
    return this.#position;
  }

  /** How much of all files has been read, from 0 to 1; undefined where a size is not known. */
  get fraction(): number | undefined {
    const own = this.#current === undefined ? 0 : this.#current.fraction;
    return own === undefined ? undefined : Math.min(1, (this.#done + own) / this.#options.sources.length);
  }

  async *points(): AsyncGenerator<PointInput> {
    for (const { source, rows, map } of this.#options.sources) {
      this.#current = source;
      let hasRows = false;
      for await (const group of rows) {
        for (const row of group) {
          hasRows = true;
          const point = this.#take(source, row, map);
          if (point !== undefined) yield point;
        }
      }
      if (!hasRows) this.#reject(source, { place: 1, reason: "the file holds no records" });
      this.#current = undefined;
      this.#done += 1;
    }
  }

  /** Notes that a record which was handed on has been rejected. */
  rejectHandedOn(index: number, id: string | undefined, reason: string): void {
    const origin = this.#origins[index - this.#settled];
    if (origin === undefined) throw new Error(`record ${index} is not under way`);
    if (id !== undefined) this.#seen.forget(id);
    const { source, place } = origin;
    this.#options.rejected.add(index, { file: source.name, placeName: source.placeName, place, id, reason });
    this.#refuseTooMany(reason);
  }

  /** Notes that the first records are settled. */
  settle(records: number): void {
    if (records <= this.#settled) return;
    this.#options.rejected.settle(records);
    this.#origins = this.#origins.slice(records - this.#settled);
    this.#settled = records;
  }

  #take(source: RecordSource, row: Row, map: FieldMap): PointInput | undefined {
    if ("problem" in row) return this.#reject(source, { place: row.place, reason: row.problem });
    const point = toPoint(row.fields, map);
    const reason = this.#problemOf(source, row, point);
    if (reason !== undefined) {
      return this.#reject(source, { place: row.place, id: idOf(point), reason });
    }
    if (this.#position >= this.#options.skip) this.#origins.push({ source, place: row.place });
    this.#position += 1;
    return point;
  }

  /** What the bulk writer does not check before it sends a record. */
  #problemOf(source: RecordSource, { place }: GoodRow, { id, vector }: PointInput): string | undefined {
    const { dimension, rejectDuplicates } = this.#options;
    const components = (vector as ArrayLike<number> | undefined)?.length;
    if (
      typeof vector === "object" &&
      components !== undefined &&
      components > 0 &&
      components !== dimension
    ) {
      return wrongDimension(dimension, components);
    }
    // What an earlier load has refused may come again under its id.
    const wasRefused = this.#position < this.#options.skip && this.#kept.has(`${place} ${source.name}`);
    if (!rejectDuplicates || typeof id !== "string" || wasRefused) return undefined;
    const before = this.#seen.add(id, this.#done * PLACES_OF_A_FILE + place);
    if (before === undefined) return undefined;
    return `the id ${JSON.stringify(id)} came already in ${this.#describePlace(before)}`;
  }

  #describePlace(number: number): string {
    const file = Math.floor(number / PLACES_OF_A_FILE);
    const { source } = this.#options.sources[file] as MappedSource;
    const where = `${source.placeName} ${number % PLACES_OF_A_FILE}`;
    return file === this.#done ? where : `${where} of ${source.name}`;
  }

  #reject(
    source: RecordSource,
    { place, id, reason }: { place: number; id?: string | undefined; reason: string },
  ): undefined {
    // An earlier load has written down what is wrong before the place where it stopped.
    if (this.#position < this.#options.skip) return undefined;
    this.#options.rejected.add(this.#position, {
      file: source.name,
      placeName: source.placeName,
      place,
      id,
      reason,
    });
    this.#refuseTooMany(reason);
    return undefined;
  }

  #refuseTooMany(reason: string): void {
    const { rejected, maxRejected } = this.#options;
    if (rejected.total <= maxRejected) return;
    throw new TooManyRejectedError(
      `more than ${maxRejected} records were rejected, the last because ${reason}; --max-rejected allows more`,
    );
  }
}

function idOf({ id }: PointInput): string | undefined {
  return typeof id === "string" ? id : undefined;
}

/** In the words in which the SDK refuses such a vector. */
function wrongDimension(dimension: number, components: number): string {
  return `the record.vector must have ${dimension} components, got ${components}`;
}
