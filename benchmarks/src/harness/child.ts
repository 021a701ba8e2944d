import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process of the benchmarks' own that answers one message at a time. */
export class Child {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Starts a module in a process, and hands it `setup`; resolves with its first answer. */
  static async start<T>(module: URL, setup: unknown): Promise<{ child: Child; ready: T }> {
    const child = new Child(fork(fileURLToPath(module), { stdio: ["ignore", "inherit", "inherit", "ipc"] }));
    try {
      return { child, ready: await child.ask<T>(setup) };
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /** Sends a message and waits for the answer; rejects with what failed in the process, or that it ended. */
  async ask<T>(message: unknown): Promise<T> {
    const ended = new AbortController();
    const onExit = () => ended.abort(new Error("the process ended without an answer"));
    this.#process.once("exit", onExit);
    try {
      this.#process.send({ message });
      const [answer] = (await once(this.#process, "message", { signal: ended.signal })) as [Answer<T>];
      if (answer.failure !== undefined) throw new Error(answer.failure);
      return answer.value as T;
    } catch (error) {
      throw ended.signal.aborted ? ended.signal.reason : error;
    } finally {
      this.#process.off("exit", onExit);
    }
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }
}

interface Answer<T> {
  readonly value?: T;
  readonly failure?: string;
}

/** The other side: answers each message that the parent sends. Ends with the parent. */
export function answerParent(respond: (message: never) => unknown): void {
  process.on("message", async ({ message }: { message: never }) => {
    let answer: Answer<unknown>;
    try {
      answer = { value: await respond(message) };
    } catch (error) {
      answer = { failure: error instanceof Error ? error.message : String(error) };
    }
    // Nobody waits for it where the parent has gone.
    process.send?.(answer, () => {});
  });
  process.on("disconnect", () => process.exit());
}
