import type { ClientOptions, VectronClient } from "@vectron/core";
import type { Capability } from "./capabilities.ts";

/** One thing that must hold on every target. */
export interface ConformanceCase {
  /** `topic/what-holds`, unique and lasting: results, known gaps and reports refer to it. */
  readonly id: string;
  /** What holds, as a sentence. */
  readonly title: string;
  /** What the target must offer for the case to make sense. Default: nothing in particular. */
  readonly needs?: readonly Capability[];
  /** Rejects when it does not hold. */
  run(context: CaseContext): Promise<void>;
}

/** What a case works with. All of it is cleaned up when the case has ended. */
export interface CaseContext {
  readonly target: { readonly name: string; readonly capabilities: ReadonlySet<Capability> };
  /** The target's key, where it has one. */
  readonly apiKey: string | undefined;
  /** A client that all cases share: not to be closed. */
  readonly client: VectronClient;
  /** A client of the case's own. It has the target's key unless the options name one. */
  connect(options?: ClientOptions): VectronClient;
  /** A client of the case's own that sends no key. */
  connectWithoutKey(options?: ClientOptions): VectronClient;
  /** A client of the case's own, of an address where nothing listens. */
  connectToNothing(options?: ClientOptions): VectronClient;
  /** A name that no collection has yet; a collection of that name is removed after the case. */
  collectionName(suffix?: string): string;
  /**
   * Runs a check of what searches find. Where they lag behind writes, the check is
   * repeated until it holds or its time is up.
   */
  eventually(check: () => Promise<void>): Promise<void>;
}
