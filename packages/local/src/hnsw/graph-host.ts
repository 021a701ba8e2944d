import type { Logger } from "@vectron/core";
import { guardedLogger } from "../service/guarded-logger.ts";
import { GraphThread } from "./graph-thread.ts";

/** What the graphs of an engine share. */
export class GraphHost {
  readonly thread = new GraphThread();
  readonly #logger: Logger | undefined;
  #hasWarned = false;

  constructor(logger?: Logger) {
    this.#logger = logger && guardedLogger(logger);
  }

  /** Says once that there is no graph, and why: every collection has the same reason. */
  warn(reason: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#logger?.warn?.("searching by scans: there is no graph index", { reason });
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
