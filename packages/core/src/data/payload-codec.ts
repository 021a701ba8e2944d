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

/** Strings by name, as they are. */
export const stringPayload: PayloadCodec<Payload> = {
  encode: toPayload,
  decode: (_where, payload) => payload,
};
