import { requireFunction } from "./checks.ts";
import { toPayload } from "./payload.ts";
import type { Payload } from "./types.ts";

/** Turns a collection's payload type into the strings of the wire, and back. */
export interface PayloadCodec<P> {
  /**
   * @param argument - what the payload is called in an error, such as `points[3].payload`
   */
  encode(argument: string, payload: P | undefined): Payload | Promise<Payload>;
  /**
   * @param where - what the payload is called in an error, such as `payload of point "a"`
   */
  decode(where: string, payload: Payload): P | Promise<P>;
}

/**
 * A codec of a caller's own. What it writes is checked like any payload.
 *
 * @throws InvalidArgumentError where it lacks a function
 */
export function checkedCodec<P>(codec: PayloadCodec<P>): PayloadCodec<P> {
  requireFunction("options.codec.encode", codec?.encode);
  requireFunction("options.codec.decode", codec?.decode);
  return {
    encode(argument, payload) {
      const encoded = codec.encode(argument, payload);
      return encoded instanceof Promise
        ? encoded.then((value) => toPayload(argument, value))
        : toPayload(argument, encoded);
    },
    decode: (where, payload) => codec.decode(where, payload),
  };
}

/** Strings by name, as they are. */
export const stringPayload: PayloadCodec<Payload> = {
  encode: toPayload,
  decode: (_where, payload) => payload,
};
