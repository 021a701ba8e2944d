import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../../cli/context.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { type Connection, withClient } from "../../connect/open-client.ts";
import { describeTarget } from "../../connect/target.ts";
import { CheckpointFile } from "../../load/checkpoint-file.ts";
import { fingerprint } from "../../load/fingerprint.ts";
import { describeMap, type ExaminedSource, openMapped } from "../../load/open-mapped.ts";
import { RejectedFile } from "../../load/rejected-file.ts";
import { counted } from "../../output/numbers.ts";
import { loadAll } from "./load-all.ts";
import type { ImportOptions } from "./options.ts";
import { prepareCollection } from "./prepare-collection.ts";

/** `vectron import`. */
export async function run(
  context: Context,
  options: ImportOptions,
  names: readonly string[],
): Promise<number> {
  if (names.includes("-") && names.length > 1) throw new UsageError("standard input is read by itself");
  const sources = await openAll(names, options);
  try {
    for (const source of sources) if (!context.out.json) context.out.note(describeMap(source));
    return await withClient(context, { ...options, makesDirectory: options.create }, (connection) =>
      load(context, connection, options, { names, sources }),
    );
  } finally {
    for (const { source } of sources) await source.close();
  }
}

interface Input {
  readonly names: readonly string[];
  readonly sources: readonly ExaminedSource[];
}

async function openAll(names: readonly string[], options: ImportOptions): Promise<ExaminedSource[]> {
  const { format, delimiter, header, ids, idField, vectorField, payloadFields, payload } = options;
  const isChosen =
    idField !== undefined && vectorField !== undefined && (payloadFields !== undefined || !payload);
  const columns = isChosen ? [idField, vectorField, ...(payload ? (payloadFields ?? []) : [])] : undefined;
  const read = { format, delimiter, header, ids, columns };
  const sources: ExaminedSource[] = [];
  for (const name of names) {
    sources.push(await openMapped(name, read, { idField, vectorField, payloadFields, payload }));
  }
  return sources;
}

async function load(
  context: Context,
  { client, target }: Connection,
  options: ImportOptions,
  { names, sources }: Input,
): Promise<number> {
  const rejectedPath = options.rejected ?? `${besideOf(names, options)}.rejected.jsonl`;
  const checkpointFile = openCheckpoint(names, options, describeTarget(target));
  const inputs = [...names, ...(options.ids === undefined ? [] : [options.ids])];
  refuseToReplace(inputs, "--rejected", rejectedPath);
  if (checkpointFile !== undefined) {
    refuseToReplace([...inputs, rejectedPath], "--checkpoint", checkpointFile.path);
  }
  const dimension = await prepareCollection(context, client, options, sources);
  if (options.restart) checkpointFile?.remove();
  const checkpoint = checkpointFile?.read();
  const rejected = new RejectedFile(rejectedPath, checkpoint?.rejectedBytes ?? 0);
  if (checkpoint !== undefined) {
    context.out.note(
      `going on after ${counted(checkpoint.records, "record")} that an earlier import has settled`,
    );
  }
  return loadAll({ context, client, options, sources, dimension, checkpointFile, checkpoint, rejected });
}

/** The files that an import writes are removed before it: none may be one that it reads. */
function refuseToReplace(others: readonly string[], option: string, path: string): void {
  const other = others.find((name) => name !== "-" && identityOf(name) === identityOf(path));
  if (other === undefined) return;
  throw new UsageError(`${option}: ${path} is ${other} itself, which would be lost: name another file`);
}

function identityOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

/** What files of the import are named after. Standard input has them in the working directory. */
function besideOf([first = "-"]: readonly string[], { collection }: ImportOptions): string {
  const safe = collection.replace(/[^\p{L}\p{N}._-]/gu, "_");
  return `${first === "-" ? "stdin" : first}.${safe}`;
}

function openCheckpoint(
  names: readonly string[],
  options: ImportOptions,
  target: string,
): CheckpointFile | undefined {
  const { collection, checkpoint } = options;
  if (checkpoint === false || names.includes("-")) {
    if (typeof checkpoint === "string")
      throw new UsageError("standard input cannot be gone on with: leave out --checkpoint");
    return undefined;
  }
  const { format, idField, vectorField, payloadFields, payload, ids, delimiter, header, onDuplicate } =
    options;
  const reading = { format, idField, vectorField, payloadFields, payload, delimiter, header, onDuplicate };
  const files = [...names, ...(ids === undefined ? [] : [ids])].map((file) => resolve(file));
  const path = typeof checkpoint === "string" ? checkpoint : `${besideOf(names, options)}.checkpoint.json`;
  return new CheckpointFile(path, {
    target,
    collection,
    sources: files.map(fingerprint),
    reading: JSON.stringify(reading),
  });
}
