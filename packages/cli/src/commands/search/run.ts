import type { SearchQuery, SearchResult, VectronClient } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { listenForInterrupt } from "../../cli/interrupt.ts";
import { UsageError } from "../../cli/usage-error.ts";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import { withClient } from "../../connect/open-client.ts";
import { vectorFile, vectorOption } from "../../points/query-vector.ts";
import { type ResultFormat, ResultPrinter } from "./result-printer.ts";

export interface SearchOptions extends ConnectionOptions {
  readonly id?: string;
  readonly vector?: string;
  readonly vectorFile?: string;
  readonly topK: number;
  readonly query?: string;
  readonly includeVectors?: boolean;
  /** False with `--no-payload`. */
  readonly payload: boolean;
  readonly format?: ResultFormat;
  readonly watch?: boolean;
}

/** `vectron search`. */
export function run(context: Context, options: SearchOptions, args: readonly string[]): Promise<number> {
  const [collection = ""] = args;
  const given = [options.id, options.vector, options.vectorFile].filter((value) => value !== undefined);
  if (given.length !== 1) throw new UsageError("give one of --vector, --vector-file and --id to search by");
  const format = options.format ?? (context.out.json ? "json" : "table");
  return withClient(context, options, async ({ client }) => {
    const search = await prepare(client, collection, options);
    const printer = new ResultPrinter(context.out, format);
    if (options.watch) return watch(client, search, printer);
    printer.print(trim(search, await client.search(collection, search.query)));
    return EXIT.ok;
  });
}

interface PreparedSearch {
  readonly collection: string;
  readonly query: SearchQuery;
  readonly topK: number;
  /** The point that more of are wanted: not a result itself. */
  readonly leaveOut: string | undefined;
}

async function prepare(
  client: VectronClient,
  collection: string,
  options: SearchOptions,
): Promise<PreparedSearch> {
  const { id, topK } = options;
  const vector = id === undefined ? await queryVector(options) : (await client.get(collection, id)).vector;
  const query = {
    vector,
    topK: id === undefined ? topK : topK + 1,
    includePayload: options.payload,
    includeVectors: options.includeVectors ?? false,
    query: options.query,
  };
  return { collection, query, topK, leaveOut: id };
}

function queryVector({ vector, vectorFile: file }: SearchOptions) {
  return vector === undefined ? vectorFile(file ?? "") : vectorOption("--vector", vector);
}

function trim({ leaveOut, topK }: PreparedSearch, results: readonly SearchResult[]): SearchResult[] {
  return results.filter(({ id }) => id !== leaveOut).slice(0, topK);
}

async function watch(client: VectronClient, search: PreparedSearch, printer: ResultPrinter): Promise<number> {
  const interrupt = listenForInterrupt();
  const { signal } = interrupt;
  try {
    for await (const results of client.searchStream(search.collection, search.query, { signal })) {
      printer.printSnapshot(trim(search, results));
    }
    return EXIT.ok;
  } catch (error) {
    if (interrupt.exitCode !== undefined) return interrupt.exitCode;
    throw error;
  } finally {
    interrupt.stop();
  }
}
