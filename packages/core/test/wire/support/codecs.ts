import type { DescMessage } from "@bufbuild/protobuf";
import { file_vectron_auth_v1_auth, file_vectron_v1_vectron } from "@vectron/protobuf-reference";
import * as authBinary from "../../../src/gen/vectron/auth/v1/binary.ts";
import * as authJson from "../../../src/gen/vectron/auth/v1/json.ts";
import * as authSize from "../../../src/gen/vectron/auth/v1/size.ts";
import * as vectronBinary from "../../../src/gen/vectron/v1/binary.ts";
import * as vectronJson from "../../../src/gen/vectron/v1/json.ts";
import * as vectronSize from "../../../src/gen/vectron/v1/size.ts";
import type { MessageEncoder } from "../../../src/wire/binary/encode.ts";
import type { MessageDecoder } from "../../../src/wire/binary/reader.ts";
import type { JsonObject } from "../../../src/wire/json/to-json.ts";

/** A message of any type, as the generated interfaces describe it. */
export type Plain = Record<string, unknown>;

/** Every generated function of one message, with the canonical descriptor. */
export interface MessageCodec extends MessageEncoder<Plain>, MessageDecoder<Plain> {
  readonly desc: DescMessage;
  readonly toJson: (message: Plain) => JsonObject;
  readonly fromJson: (json: unknown) => Plain;
}

const PACKAGES = [
  { file: file_vectron_v1_vectron, binary: vectronBinary, size: vectronSize, json: vectronJson },
  { file: file_vectron_auth_v1_auth, binary: authBinary, size: authSize, json: authJson },
];

/** The codecs of every message of both packages. */
export const messageCodecs: readonly MessageCodec[] = PACKAGES.flatMap(({ file, binary, size, json }) =>
  file.messages.map((desc) => ({
    desc,
    size: named(size, `size${desc.name}`),
    write: named(binary, `write${desc.name}`),
    empty: named(binary, `empty${desc.name}`),
    read: named(binary, `read${desc.name}`),
    toJson: named(json, `${desc.name}ToJson`),
    fromJson: named(json, `${desc.name}FromJson`),
  })),
);

/** The codec of one message, by its name without the package. */
export function codecOf(typeName: string): MessageCodec {
  const codec = messageCodecs.find(({ desc }) => desc.typeName === typeName);
  if (codec === undefined) throw new Error(`no message ${typeName}`);
  return codec;
}

/** An export of a generated module, found without regard to case: acronyms are written in two ways. */
function named<F>(module: object, name: string): F {
  const entry = Object.entries(module).find(([key]) => key.toLowerCase() === name.toLowerCase());
  if (entry === undefined) throw new Error(`${name} was not generated`);
  return entry[1] as F;
}
