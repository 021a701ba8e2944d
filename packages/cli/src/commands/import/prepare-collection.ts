import { type Distance, NotFoundError, type VectronClient } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { UsageError } from "../../cli/usage-error.ts";
import type { ExaminedSource } from "../../load/open-mapped.ts";
import { printable } from "../../output/table.ts";
import type { ImportOptions } from "./options.ts";

const DISTANCES: readonly string[] = ["cosine", "euclidean", "dot"];

/** Finds the collection, or creates it as the data needs it. Returns its dimension. */
export async function prepareCollection(
  context: Context,
  client: VectronClient,
  options: ImportOptions,
  sources: readonly ExaminedSource[],
): Promise<number> {
  const { collection: name, create } = options;
  try {
    const { dimension, distance } = await client.getCollectionStatus(name);
    if (options.distance !== undefined && options.distance !== distance) {
      throw new UsageError(
        `collection "${name}" compares by ${distance}, and --distance says ${options.distance}`,
      );
    }
    warnOfOther(context, name, dimension, sources);
    return dimension;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    if (!create)
      throw new UsageError(`${error.message}: --create makes it, with --distance cosine or another`);
  }
  const dimension = sources.find((source) => source.dimension !== undefined)?.dimension;
  if (dimension === undefined) throw new Error("the files hold no vector to create a collection for");
  const distance = options.distance ?? exportedDistance(sources) ?? "euclidean";
  await client.createCollection({ name, dimension, distance });
  context.out.note(`created ${printable(name)}: ${dimension} dimensions, ${distance}`);
  return dimension;
}

function exportedDistance(sources: readonly ExaminedSource[]): Distance | undefined {
  const distance = sources.find(({ head }) => head !== undefined)?.head?.distance;
  return DISTANCES.includes(distance ?? "") ? (distance as Distance) : undefined;
}

function warnOfOther(
  { out }: Context,
  name: string,
  dimension: number,
  sources: readonly ExaminedSource[],
): void {
  for (const { source, dimension: own } of sources) {
    if (own === undefined || own === dimension) continue;
    out.note(
      `${out.noteStyle.warn("warning:")} ${source.name} has vectors of ${own} components, and collection "${printable(name)}" takes ${dimension}`,
    );
  }
}
