import type { Payload } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { UsageError } from "../../cli/usage-error.ts";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import { withClient } from "../../connect/open-client.ts";
import { printable } from "../../output/table.ts";
import { payloadText } from "../../points/payload-text.ts";
import { vectorFile, vectorOption } from "../../points/query-vector.ts";
import { parseExactly } from "../../readers/parse-exactly.ts";

export interface UpsertOptions extends ConnectionOptions {
  readonly id: string;
  readonly vector?: string;
  readonly vectorFile?: string;
  readonly payload?: readonly string[];
}

/** `vectron upsert`. */
export async function run(
  context: Context,
  options: UpsertOptions,
  args: readonly string[],
): Promise<number> {
  const [collection = ""] = args;
  const { id } = options;
  const vector = await readVector(options);
  const payload = readPayload(options.payload ?? []);
  await withClient(context, options, ({ client }) => client.upsert(collection, [{ id, vector, payload }]));
  const { out } = context;
  out.result({ upserted: 1, id }, () => `${out.style.good("written")} ${printable(id)}`);
  return EXIT.ok;
}

function readVector({
  vector,
  vectorFile: file,
}: UpsertOptions): ArrayLike<number> | Promise<ArrayLike<number>> {
  if (vector !== undefined && file === undefined) return vectorOption("--vector", vector);
  if (file !== undefined && vector === undefined) return vectorFile(file);
  throw new UsageError("give the point's vector with --vector or --vector-file");
}

function readPayload(entries: readonly string[]): Payload {
  const payload: Payload = {};
  for (const entry of entries) {
    if (entry.trimStart().startsWith("{")) Object.assign(payload, readObject(entry));
    else {
      const at = entry.indexOf("=");
      if (at < 1) throw new UsageError(`--payload must be key=value or a JSON object, got "${entry}"`);
      payload[entry.slice(0, at)] = entry.slice(at + 1);
    }
  }
  return payload;
}

function readObject(text: string): Payload {
  let value: Record<string, unknown>;
  try {
    value = parseExactly(text) as typeof value;
  } catch (error) {
    throw new UsageError(`--payload is not JSON: ${(error as Error).message}`);
  }
  const entries = Object.entries(value).map(([key, field]) => [key, payloadText(field)] as const);
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined)) as Payload;
}
