import {
  AlreadyExistsError,
  type CollectionConfig,
  type CollectionStatus,
  type Distance,
  type VectronClient,
} from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { UsageError } from "../../cli/usage-error.ts";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import { withClient } from "../../connect/open-client.ts";
import { count, counted } from "../../output/numbers.ts";
import { confirm } from "../../output/prompts.ts";
import { formatTable, printable } from "../../output/table.ts";

/** `vectron collections list`. */
export async function list(context: Context, options: ConnectionOptions): Promise<number> {
  const names = await withClient(context, options, ({ client }) => client.listCollections());
  context.out.result(names, () => names.map(printable).join("\n") || "there are no collections");
  return EXIT.ok;
}

export interface CreateOptions extends ConnectionOptions {
  readonly dimension: number;
  readonly distance: Distance;
  readonly ifMissing?: boolean;
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/** `vectron collections create`. */
export async function create(
  context: Context,
  options: CreateOptions,
  args: readonly string[],
): Promise<number> {
  const [name = ""] = args;
  const { dimension, distance, ifMissing, wait } = options;
  if (ifMissing && !wait) throw new UsageError("--if-missing and --no-wait exclude each other");
  const config = { name, dimension, distance };
  const created = await withClient(context, { ...options, makesDirectory: true }, async ({ client }) => {
    if (ifMissing) return ensure(client, config);
    await client.createCollection(config, { waitUntilReady: wait });
    return true;
  });
  const { good } = context.out.style;
  context.out.result(
    { ...config, created, ready: wait },
    () =>
      `${good(created ? "created" : "there already:")} ${printable(name)}: ${count(dimension)} dimensions, ${distance}`,
  );
  return EXIT.ok;
}

/** Returns whether the collection was missing. */
async function ensure(client: VectronClient, config: CollectionConfig): Promise<boolean> {
  try {
    await client.createCollection(config);
    return true;
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
    await client.ensureCollection(config);
    return false;
  }
}

/** `vectron collections status`. */
export async function status(
  context: Context,
  options: ConnectionOptions,
  args: readonly string[],
): Promise<number> {
  const [name = ""] = args;
  const found = await withClient(context, options, ({ client }) => client.getCollectionStatus(name));
  context.out.result(found, () => describeStatus(context, found));
  return EXIT.ok;
}

function describeStatus({ out }: Context, { name, dimension, distance, shards }: CollectionStatus): string {
  const ready = shards.filter((shard) => shard.ready).length;
  const facts = [
    `${out.style.bold(printable(name))}  ${count(dimension)} dimensions, ${printable(distance)}`,
    `${counted(shards.length, "shard")}, ${ready === shards.length ? "all ready" : `${ready} ready`}`,
  ];
  const rows = shards.map((shard) => [
    String(shard.shardId),
    shard.ready ? "yes" : "no",
    shard.leaderId,
    shard.replicas.join(" "),
  ]);
  const columns = [
    { title: "shard", align: "right" },
    { title: "ready" },
    { title: "leader" },
    { title: "replicas" },
  ] as const;
  return [...facts, "", formatTable(columns, rows, out.style)].join("\n");
}

/** `vectron collections delete`. */
export async function remove(
  context: Context,
  options: ConnectionOptions & { readonly yes?: boolean },
  args: readonly string[],
): Promise<number> {
  const [name = ""] = args;
  if (
    !options.yes &&
    !(await confirm(`Delete collection ${printable(name)} with all its points?`, "--yes"))
  ) {
    context.out.note("nothing was deleted");
    return EXIT.failure;
  }
  await withClient(context, options, ({ client }) => client.deleteCollection(name));
  context.out.result({ deleted: name }, () => `${context.out.style.good("deleted")} ${printable(name)}`);
  return EXIT.ok;
}
