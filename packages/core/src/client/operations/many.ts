import { type CallOptions, checkCallOptions } from "../../call/call-options.ts";
import { requireBoolean, requireInteger, requireName, requireObject } from "../../data/checks.ts";
import type { Point, SearchQuery, SearchResult } from "../../data/types.ts";
import { NotFoundError } from "../../errors/error-classes.ts";
import { invalidArgument } from "../../errors/invalid-argument.ts";
import { saysMissingCollection } from "../../faults/diagnose.ts";
import type { CollectionTarget } from "../client-context.ts";
import { deletePoint, get } from "./points.ts";
import { search } from "./search.ts";

/** Options of the calls that make many requests. `timeoutMs` is each request's. */
export interface ManyOptions extends CallOptions {
  /** How many requests are under way at once, 1 to 1,024. Default 16. */
  readonly concurrency?: number | undefined;
  /** Whether one failure leaves the others alone and is reported in its place. Default false: the first rejects. */
  readonly settled?: boolean | undefined;
}

/** What became of one item, with `settled: true`. */
export type Settled<T> =
  | { readonly status: "fulfilled"; readonly value: T }
  | { readonly status: "rejected"; readonly error: unknown };

const DEFAULT_CONCURRENCY = 16;
const MOST_CONCURRENCY = 1_024;

/** Reads many points, in the order of their ids; `undefined` for those that do not exist. */
export function getMany<P>(
  target: CollectionTarget<P>,
  ids: readonly string[],
  options: ManyOptions = {},
): Promise<(Point<P> | undefined)[] | Settled<Point<P> | undefined>[]> {
  return forEach("ids", ids, options, requireId, async (id, call) => {
    try {
      return await get(target, id, call);
    } catch (error) {
      // A missing collection is a failure of the whole; a missing point is an answer.
      if (error instanceof NotFoundError && !saysMissingCollection(error.message)) return undefined;
      throw error;
    }
  });
}

/** Removes many points. */
export async function deleteMany(
  target: CollectionTarget<unknown>,
  ids: readonly string[],
  options: ManyOptions = {},
): Promise<undefined | Settled<void>[]> {
  const results = await forEach("ids", ids, options, requireId, (id, call) => deletePoint(target, id, call));
  return options.settled ? (results as Settled<void>[]) : undefined;
}

/** Makes many searches, in order. */
export function searchMany<P>(
  target: CollectionTarget<P>,
  queries: readonly SearchQuery[],
  options: ManyOptions = {},
): Promise<SearchResult<P>[][] | Settled<SearchResult<P>[]>[]> {
  return forEach("searches", queries, options, requireObject, (query, call) => search(target, query, call));
}

function requireId(argument: string, id: unknown): void {
  requireName(argument, id);
}

/** Runs `work` on every item, a bounded number at once; results keep the items' order. */
async function forEach<T, R>(
  argument: string,
  items: readonly T[],
  options: ManyOptions,
  check: (argument: string, item: T & object) => unknown,
  work: (item: T, call: CallOptions) => Promise<R>,
): Promise<R[] | Settled<R>[]> {
  const { concurrency = DEFAULT_CONCURRENCY, settled = false, ...call } = requireObject("options", options);
  requireInteger("options.concurrency", concurrency, 1, MOST_CONCURRENCY);
  requireBoolean("options.settled", settled);
  checkCallOptions(call);
  if (!Array.isArray(items)) throw invalidArgument(argument, items, "an array");
  items.forEach((item, index) => {
    check(`${argument}[${index}]`, item);
  });

  const results = new Array<R | Settled<R>>(items.length);
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        const value = await work(items[index] as T, call);
        results[index] = settled ? { status: "fulfilled", value } : value;
      } catch (error) {
        failed = !settled;
        if (failed) throw error;
        results[index] = { status: "rejected", error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return results as R[] | Settled<R>[];
}
