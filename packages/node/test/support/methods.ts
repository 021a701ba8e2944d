import type { MethodDescriptor } from "@vectron/core";
import type { CodecLookup, MessageCodec } from "../../src/codec.ts";

/** A service of plain texts: what the transport does is the same for every message. */
const SERVICE = "test.v1.TextService";

export const unaryMethod: MethodDescriptor<string, string> = {
  service: SERVICE,
  name: "Echo",
  path: `/${SERVICE}/Echo`,
  kind: "unary",
  idempotent: true,
  readOnly: true,
};

export const streamMethod: MethodDescriptor<string, string> = {
  service: SERVICE,
  name: "Repeat",
  path: `/${SERVICE}/Repeat`,
  kind: "server-stream",
  idempotent: true,
  readOnly: true,
};

/** A request with this text cannot be encoded. */
export const UNENCODABLE = "unencodable";
/** A reply with this text cannot be decoded. */
export const UNDECODABLE = "undecodable";

const textCodec: MessageCodec<string, string> = {
  encodeRequest(text) {
    if (text === UNENCODABLE) throw new RangeError("no bytes for this text");
    return new TextEncoder().encode(text);
  },
  decodeReply(bytes) {
    const text = new TextDecoder().decode(bytes);
    if (text === UNDECODABLE) throw new RangeError("no text for these bytes");
    return text;
  },
};

export const textCodecs: CodecLookup = <I, O>() => textCodec as unknown as MessageCodec<I, O>;
