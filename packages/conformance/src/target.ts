import type { ClientOptions, VectronClient } from "@vectron/core";
import type { Capability } from "./capabilities.ts";

/** One combination of runtime, transport and server, as the suite sees it. */
export interface ConformanceTarget {
  /** Unique among the targets; known gaps refer to it. */
  readonly name: string;
  readonly capabilities: readonly Capability[];
  /** The right key, where the server wants one. */
  readonly apiKey?: string | undefined;
  /** A new client of the one server under test, with these options and no others. Throws what the constructor throws. */
  connect(options: ClientOptions): VectronClient;
  /** A new client of an address where nothing listens. Needed for the capability `unreachable`. */
  connectToNothing?(options: ClientOptions): VectronClient;
}
