import { readFileSync } from "node:fs";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type PackedPackage, packedManifest } from "../packages/pack.ts";

/** What publint says of the tarball, suggestions included. */
export async function checkPublint(packed: PackedPackage): Promise<string[]> {
  const data = readFileSync(packed.tarball);
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const { messages } = await publint({ pack: { tarball }, strict: true });
  const manifest = packedManifest(packed);
  return messages.map((message) => {
    const text = formatMessage(message, { ...manifest }, { color: false }) ?? message.code;
    return `publint: ${text}`;
  });
}
