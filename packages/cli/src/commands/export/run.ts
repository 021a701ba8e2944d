import type { Point } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { listenForInterrupt } from "../../cli/interrupt.ts";
import { UsageError } from "../../cli/usage-error.ts";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import { type Connection, withClient } from "../../connect/open-client.ts";
import { count, counted } from "../../output/numbers.ts";
import { Progress } from "../../output/progress.ts";
import { rowIds } from "../../readers/row-ids.ts";
import { openWriter, type WriterFormat } from "../../writers/open-writer.ts";
import type { PointWriter } from "../../writers/point-writer.ts";
import { allPoints, MissingIds, pointsOf } from "./points.ts";

export interface ExportOptions extends ConnectionOptions {
  readonly output?: string;
  readonly format?: WriterFormat;
  readonly ids?: string;
  readonly concurrency: number;
  /** False with `--no-progress`. */
  readonly progress: boolean;
}

/** `vectron export`. */
export function run(context: Context, options: ExportOptions, args: readonly string[]): Promise<number> {
  const [collection = ""] = args;
  return withClient(context, options, (connection) => exportPoints(context, connection, options, collection));
}

async function exportPoints(
  context: Context,
  { client, embedded, target }: Connection,
  options: ExportOptions,
  collection: string,
): Promise<number> {
  const missing = new MissingIds();
  if (options.ids === undefined && embedded === undefined) {
    throw new UsageError(
      `a server has no call that lists the points of a collection: give the ids with --ids (${target.kind === "grpc" ? target.host : "this address"}), or export the directory of an embedded server with --path`,
    );
  }
  const { dimension } = await client.getCollectionStatus(collection);
  const points =
    options.ids === undefined && embedded !== undefined
      ? allPoints(embedded, collection)
      : pointsOf({ client, collection, concurrency: options.concurrency, missing }, rowIds(options.ids));
  const interrupt = listenForInterrupt();
  const writer = await openWriter(options.output, options.format, dimension);
  try {
    const written = await copy(context, points, writer, { options, signal: interrupt.signal });
    if (interrupt.exitCode !== undefined) {
      await writer.abandon();
      context.out.note("interrupted: nothing was kept");
      return interrupt.exitCode;
    }
    await writer.finish();
    return tell(context, options, written, missing);
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    interrupt.stop();
  }
}

async function copy(
  { out }: Context,
  points: AsyncIterable<readonly Point[]>,
  writer: PointWriter,
  { options, signal }: { readonly options: ExportOptions; readonly signal: AbortSignal },
): Promise<number> {
  const progress =
    options.progress && options.output !== undefined
      ? new Progress(process.stderr, out.noteStyle, "point")
      : undefined;
  let written = 0;
  try {
    for await (const group of points) {
      if (signal.aborted) break;
      await writer.write(group);
      written += group.length;
      progress?.update({ done: written, rejected: 0, fraction: undefined });
    }
  } finally {
    progress?.clear();
  }
  return written;
}

function tell({ out }: Context, { output }: ExportOptions, written: number, missing: MissingIds): number {
  if (missing.total > 0) {
    const shown = missing.first.map((id) => JSON.stringify(id)).join(", ");
    const more =
      missing.total > missing.first.length ? `, and ${count(missing.total - missing.first.length)} more` : "";
    out.note(`${out.noteStyle.warn("missing:")} ${shown}${more}`);
  }
  // Standard output holds the points themselves, unless they went to a file.
  if (output !== undefined) {
    out.result(
      { exported: written, missing: missing.total, output },
      () => `${out.style.good("exported")} ${counted(written, "point")} to ${output}`,
    );
  }
  return missing.total === 0 ? EXIT.ok : EXIT.partial;
}
