import { authJsonClient } from "../gen/vectron/auth/v1/json.ts";
import { authService } from "../gen/vectron/auth/v1/methods.ts";
import { vectronJsonClient } from "../gen/vectron/v1/json.ts";
import { vectronService } from "../gen/vectron/v1/methods.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import { parseJson } from "./json/from-json.ts";
import type { JsonMessages } from "./json/table.ts";
import { indexByPath, unknownMethod } from "./method-index.ts";

/** A client's half of a method's ProtoJSON codec. The functions need no `this`. */
export interface JsonClientCodec<I, O> {
  /** The request as JSON text. */
  readonly encodeRequest: (message: I) => string;
  /** Throws a `DecodeError` that names the field that is wrong, if the text is no reply of this method. */
  readonly decodeReply: (text: string) => O;
}

let codecs: ReadonlyMap<string, JsonClientCodec<never, unknown>> | undefined;

/**
 * What a client needs to call a method in ProtoJSON.
 *
 * @throws TypeError for a method that is not of Vectron's API
 */
export function jsonClientCodec<I, O>(method: MethodDescriptor<I, O>): JsonClientCodec<I, O> {
  codecs ??= new Map([
    ...indexByPath(vectronService, vectronJsonClient, clientCodec),
    ...indexByPath(authService, authJsonClient, clientCodec),
  ]);
  const codec = codecs.get(method.path);
  if (codec === undefined) throw unknownMethod(method);
  // The tables pair each path with the codec of its messages' types.
  return codec as JsonClientCodec<I, O>;
}

function clientCodec({ write, parse }: JsonMessages<never, unknown>): JsonClientCodec<never, unknown> {
  return {
    encodeRequest: (message) => JSON.stringify(write(message)),
    decodeReply: (text) => parse(parseJson(text)),
  };
}
