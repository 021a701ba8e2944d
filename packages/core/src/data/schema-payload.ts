import { invalidArgument } from "../errors/invalid-argument.ts";
import { importCode } from "../runtime/import-code.ts";
import type { PayloadCodec } from "./payload-codec.ts";
import type { StandardSchema } from "./standard-schema.ts";

/**
 * Typed payloads over the strings of the wire, by a Standard Schema. Writing
 * validates, then stores strings as they are, numbers and booleans as their
 * JSON, bigints in decimal, dates in ISO 8601, and arrays and objects as JSON.
 * Reading takes each field as text and, where the schema refuses that, as JSON,
 * as a date or as a bigint, whichever it accepts first; inside JSON a text that is
 * a date is read as one where the schema refuses it. The result is what the schema
 * makes of it.
 *
 * Its code is loaded at the first payload; where that fails, so does what needs it,
 * with an `UnavailableError`.
 */
export function schemaPayload<P>(schema: StandardSchema<P>): PayloadCodec<P> {
  requireSchema(schema);
  let codec: PayloadCodec<P> | undefined;
  const load = async () => {
    const { schemaCodec } = await importCode(() => import("./schema-codec.ts"));
    codec ??= schemaCodec(schema);
    return codec;
  };
  return {
    encode: async (argument, payload) => (codec ?? (await load())).encode(argument, payload),
    decode: async (where, payload) => (codec ?? (await load())).decode(where, payload),
  };
}

function requireSchema(schema: unknown): void {
  const standard = (schema as Partial<StandardSchema<unknown>> | null | undefined)?.["~standard"];
  if (standard?.version === 1 && typeof standard.validate === "function") return;
  throw invalidArgument(
    "options.schema",
    schema,
    "a Standard Schema (version 1), as zod, valibot and arktype make",
  );
}
