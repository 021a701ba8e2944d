import type { Point } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import { withClient } from "../../connect/open-client.ts";
import { formatPoint, pointJson } from "../../points/format-point.ts";

/** `vectron get`. */
export function run(context: Context, options: ConnectionOptions, args: readonly string[]): Promise<number> {
  const [collection = "", ...ids] = args;
  return withClient(context, options, async ({ client }) => {
    const [only] = ids;
    // One point that is missing is an error; of several, the others are printed.
    const points =
      ids.length === 1 && only !== undefined
        ? [await client.get(collection, only)]
        : await client.getMany(collection, ids);
    return printFound(context, ids, points);
  });
}

function printFound(
  { out }: Context,
  ids: readonly string[],
  points: readonly (Point | undefined)[],
): number {
  const found = points.filter((point) => point !== undefined);
  out.result(found.map(pointJson), () => found.map((point) => formatPoint(point, out.style)).join("\n\n"));
  const missing = ids.filter((_, i) => points[i] === undefined);
  if (missing.length === 0) return EXIT.ok;
  out.note(`${out.noteStyle.warn("missing:")} ${missing.map((id) => JSON.stringify(id)).join(", ")}`);
  return found.length === 0 ? EXIT.failure : EXIT.partial;
}
