import type { BenchCodec } from "./bench-codec.ts";
import { copyVectorsCodec, memcpyFreshCodec, memcpyLentCodec } from "./memcpy-codec.ts";
import { protobufEsCodec } from "./protobuf-es-codec.ts";
import { protobufjsCodec } from "./protobufjs-codec.ts";
import { tsProtoCodec } from "./ts-proto-codec.ts";
import {
  vectronCheckedCodec,
  vectronCheckedLentCodec,
  vectronCodec,
  vectronLentCodec,
} from "./vectron-codec.ts";

/** Every codec by the name that tables give it. */
export const CODECS = {
  "memcpy, fresh memory": memcpyFreshCodec,
  "memcpy, warm memory": memcpyLentCodec,
  "the vectors alone, one by one, warm": copyVectorsCodec,
  "vectron, fresh memory": vectronCodec,
  "vectron, warm memory": vectronLentCodec,
  "vectron upsert() with checks, fresh": vectronCheckedCodec,
  "vectron upsert() with checks, warm": vectronCheckedLentCodec,
  vectron: vectronCodec,
  memcpy: memcpyFreshCodec,
  "protobuf-es": protobufEsCodec,
  "ts-proto": tsProtoCodec,
  protobufjs: protobufjsCodec,
} as const satisfies Record<string, BenchCodec>;

export type CodecName = keyof typeof CODECS;
