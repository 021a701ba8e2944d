import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { fileOf, toJavaScript } from "./check-types.ts";
import type { Snippet } from "./snippets.ts";
import { openWorld } from "./world.ts";

type Outcome = { readonly printed: string; readonly error?: undefined } | { readonly error: unknown };

/** Runs snippets, one at a time, each against servers of its own. They share a thread, so that packages load once. */
export class SnippetRunner {
  readonly #thread = new Worker(new URL("snippet-thread.mjs", import.meta.url));

  /** Runs a snippet to its end. Returns what it printed; rejects with what it threw. */
  async run(snippet: Snippet): Promise<string> {
    const world = await openWorld(snippet.code);
    try {
      const file = fileOf(snippet, "mjs");
      writeFileSync(file, toJavaScript(world.place(snippet.code)));
      this.#thread.postMessage({ file, env: world.env });
      const [outcome] = (await once(this.#thread, "message")) as [Outcome];
      if (outcome.error !== undefined) throw outcome.error;
      return (outcome as { printed: string }).printed;
    } finally {
      await world.close();
    }
  }

  /** Resolves with the thread's exit code, when nothing is left open in it. */
  async end(): Promise<number> {
    this.#thread.postMessage("end");
    const [code] = (await once(this.#thread, "exit")) as [number];
    return code;
  }
}
