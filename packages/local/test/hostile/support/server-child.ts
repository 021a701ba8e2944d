import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { StartServerOptions } from "../../../src/index.ts";

/** What a server uses, in bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
}

/** A server in a process of its own. */
export class ServerChild {
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = "";

  private constructor(
    child: ChildProcess,
    lines: AsyncIterator<string>,
    ports: { grpcPort: number; httpPort: number },
  ) {
    this.#child = child;
    this.#lines = lines;
    this.grpcPort = ports.grpcPort;
    this.httpPort = ports.httpPort;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#errors += text;
    });
  }

  /** @param program - as `compileChild` made it of `serve` */
  static async start(program: string, options: StartServerOptions): Promise<ServerChild> {
    const child = spawn(process.execPath, ["--expose-gc", program, JSON.stringify(options)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    const ports = /^listening (.*)$/.exec(value ?? "")?.[1];
    if (ports === undefined) {
      child.kill("SIGKILL");
      throw new Error(`the server did not start: ${await textOf(child.stderr!)}`);
    }
    return new ServerChild(child, lines, JSON.parse(ports));
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it wrote to its standard error. */
  get errors(): string {
    return this.#errors;
  }

  async memory(): Promise<Memory> {
    this.#child.stdin!.write("memory\n");
    const { value } = await this.#lines.next();
    return JSON.parse(/^memory (.*)$/.exec(value ?? "")![1]!);
  }

  /** Ends it, and returns its exit code; null when the signal ended it. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    if (this.isAlive) {
      const ended = once(this.#child, "exit");
      this.#child.kill(signal);
      await ended;
    }
    return this.#child.exitCode;
  }
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
