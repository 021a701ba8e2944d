import { RequestGate } from "../../bulk/request-gate.ts";
import { type CallOptions, checkCallOptions } from "../../call/call-options.ts";
import type { CallRunner } from "../../call/call-runner.ts";
import { requireBoolean, requireInteger, requireName, requireObject } from "../../data/checks.ts";
import type { Point, SearchQuery, SearchResult } from "../../data/types.ts";
import { NotFoundError } from "../../errors/error-classes.ts";
import { invalidArgument } from "../../errors/invalid-argument.ts";
import { saysMissingCollection } from "../../faults/diagnose.ts";
import { LightAbort } from "../../runtime/light-abort.ts";
import { whenAborted } from "../../runtime/when-aborted.ts";
import type { CollectionTarget } from "../client-context.ts";
import { deletePoint, get } from "./points.ts";
import { prepareSearch, runSearch } from "./search.ts";

/**
 * Options of the calls that make many requests. `timeoutMs` is each request's. A
 * rate limit is waited out, for up to two minutes without a single answer, unless
 * the codes of `retry` leave out `RESOURCE_EXHAUSTED`.
 */
export interface ManyOptions extends CallOptions {
  /** How many requests are under way at once, at most: 1 to 1,024; fewer while the server is overloaded. Default 16. */
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
  return forEach({ target, argument: "ids", check: requireName }, ids, options, async (id, call) => {
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
  const results = await forEach({ target, argument: "ids", check: requireName }, ids, options, (id, call) =>
    deletePoint(target, id, call),
  );
  return options.settled ? (results as Settled<void>[]) : undefined;
}

/** Makes many searches, in order. */
export function searchMany<P>(
  target: CollectionTarget<P>,
  queries: readonly SearchQuery[],
  options: ManyOptions = {},
): Promise<SearchResult<P>[][] | Settled<SearchResult<P>[]>[]> {
  const prepare = (at: string, query: SearchQuery) => prepareSearch(target, query, `${at}.`);
  return forEach({ target, argument: "searches", check: prepare }, queries, options, (prepared, call) =>
    runSearch(target, prepared, call),
  );
}

/** What the items of a call are, and how each is checked before any of them is sent. */
interface ItemKind<T, C> {
  readonly target: Pick<CollectionTarget<unknown>, "collection" | "runner">;
  /** What the list is called in an error. */
  readonly argument: string;
  readonly check: (argument: string, item: T) => C;
}

/** Checks everything, then runs `work` on every item. */
async function forEach<T, C, R>(
  { target, argument, check }: ItemKind<T, C>,
  items: readonly T[],
  options: ManyOptions,
  work: (item: C, call: CallOptions) => Promise<R>,
): Promise<R[] | Settled<R>[]> {
  const { concurrency = DEFAULT_CONCURRENCY, settled = false, ...call } = requireObject("options", options);
  requireName("collection", target.collection);
  requireInteger("options.concurrency", concurrency, 1, MOST_CONCURRENCY);
  requireBoolean("options.settled", settled);
  checkCallOptions(call);
  if (!Array.isArray(items)) throw invalidArgument(argument, items, "an array");
  const checked = Array.from(items, (item, index) => check(`${argument}[${index}]`, item));
  const { runner } = target;
  return runAll({ runner, concurrency, settled, call }, checked, work);
}

/** How the requests of one call are made. */
interface ManyPlan {
  readonly runner: CallRunner;
  readonly concurrency: number;
  readonly settled: boolean;
  readonly call: CallOptions;
}

/**
 * Runs `work` on every item, a bounded number at once; results keep the items'
 * order. Unless failures are to be reported in place, the first one cancels what
 * is under way.
 */
async function runAll<C, R>(
  { runner, concurrency, settled, call }: ManyPlan,
  items: readonly C[],
  work: (item: C, call: CallOptions) => Promise<R>,
): Promise<R[] | Settled<R>[]> {
  // It begins with all that was asked for: most lists are too short to work up to it.
  const gate = new RequestGate(runner, { concurrency, startConcurrency: concurrency, retry: call.retry });
  const stop = new LightAbort();
  // Requests that still wait go on, and are refused like those that are under way.
  stop.addEventListener("abort", () => gate.lift());
  const stopListening = [
    whenAborted(call.signal, () => stop.abort(call.signal?.reason)),
    whenAborted(runner.closed, () => gate.lift()),
  ];

  const results = new Array<R | Settled<R>>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      try {
        const value = await gate.run({ ...call, signal: stop }, (paced) => work(items[index] as C, paced));
        results[index] = settled ? { status: "fulfilled", value } : value;
      } catch (error) {
        if (!settled) throw error;
        results[index] = { status: "rejected", error };
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    for (const end of stopListening) end();
  }
  return results as R[] | Settled<R>[];
}
