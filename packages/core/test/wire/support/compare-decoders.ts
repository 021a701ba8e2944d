import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { decode } from "../../../src/wire/binary/reader.ts";
import { DecodeError } from "../../../src/wire/decode-error.ts";
import type { MessageCodec, Plain } from "./codecs.ts";
import type { Deviation } from "./deviations.ts";
import { difference } from "./difference.ts";
import { fromReference } from "./reference.ts";
import { readStrictly } from "./strict-wire.ts";

/** How an input was taken, and which deviations it touched. */
export interface Comparison {
  readonly accepted: boolean;
  readonly deviations: readonly Deviation[];
}

/**
 * Decodes an input with this package's decoder and with protobuf-es and throws
 * if they disagree. An input that touches a deviation is compared by the strict
 * rules: refused, or read by protobuf-es without the fields of a wrong wire type.
 */
export function compareDecoders(codec: MessageCodec, bytes: Uint8Array): Comparison {
  const strict = readStrictly(codec.desc, bytes);
  const isOrdinary = strict.deviations.length === 0;
  const judged = isOrdinary ? bytes : strict.bytes;
  const expected = judged && referenceDecode(codec.desc, judged);
  const actual = ownDecode(codec, bytes);
  const where = difference(actual, expected);
  if (where !== undefined) {
    throw new Error(
      `${codec.desc.typeName} differs at ${where} for ${Buffer.from(bytes).toString("hex")}: ` +
        `ours ${show(actual)}, protobuf-es ${show(expected)}, deviations [${strict.deviations}]`,
    );
  }
  if (isOrdinary && strict.bytes === undefined && expected !== undefined) {
    throw new Error(`${Buffer.from(bytes).toString("hex")} breaks a rule that is not listed as a deviation`);
  }
  return { accepted: actual !== undefined, deviations: strict.deviations };
}

function referenceDecode(desc: DescMessage, bytes: Uint8Array): Plain | undefined {
  try {
    return fromReference(desc, fromBinary(desc, bytes));
  } catch {
    return undefined;
  }
}

function ownDecode(codec: MessageCodec, bytes: Uint8Array): Plain | undefined {
  try {
    return decode(codec, surrounded(bytes));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The bytes in the middle of others that would be read well if a decoder went too far. */
function surrounded(bytes: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 32).fill(1);
  buffer.set(bytes, 16);
  return buffer.subarray(16, 16 + bytes.length);
}

function show(message: Plain | undefined): string {
  return message === undefined ? "refuses it" : `reads ${JSON.stringify(message)}`;
}
