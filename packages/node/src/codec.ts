import type { MethodDescriptor } from "@vectron/core";
import type { BinaryClientCodec } from "@vectron/core/wire";

/** How the messages of one method are written and read. */
export type MessageCodec<I, O> = Pick<BinaryClientCodec<I, O>, "encodeRequest" | "decodeReply">;

/** Finds the codec of a method. */
export type CodecLookup = <I, O>(method: MethodDescriptor<I, O>) => MessageCodec<I, O>;
