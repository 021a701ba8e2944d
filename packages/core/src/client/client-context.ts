import type { CallRunner } from "../call/call-runner.ts";
import type { PayloadCodec } from "../data/payload-codec.ts";

/** What the operations of one client share. */
export interface ClientContext {
  readonly runner: CallRunner;
  readonly expectedDimension: number | undefined;
}

/** A collection that operations work on, and how its payloads are written. */
export interface CollectionTarget<P> extends ClientContext {
  readonly collection: string;
  readonly codec: PayloadCodec<P>;
}
