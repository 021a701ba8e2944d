import { createWriteStream, openSync, renameSync, rmSync } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Point } from "@vectron/core";
import type { PointWriter } from "./point-writer.ts";

/** A JSON object a line: id, vector and payload. */
export class JsonlWriter implements PointWriter {
  readonly #output: string | undefined;
  readonly #stream: NodeJS.WritableStream & { destroy(): unknown };
  /** What the stream ends in: the file. */
  readonly #sink: Writable;
  /** Why the file cannot be written to, and who waits to hear of it. */
  #failure: Error | undefined;
  #onFailure: (error: Error) => void = () => undefined;

  /**
   * @param output - undefined: standard output; a name that ends with `.gz` is packed
   * @throws Error of the system when the file cannot be made
   */
  constructor(output: string | undefined) {
    this.#output = output;
    this.#sink = output === undefined ? process.stdout : openFile(partOf(output));
    this.#stream = this.#sink;
    if (output === undefined) return;
    this.#sink.on("error", (error) => {
      this.#failure = error;
      this.#onFailure(error);
    });
    if (!/\.gz$/i.test(output)) return;
    const packer = createGzip();
    packer.pipe(this.#sink);
    this.#stream = packer;
  }

  async write(points: readonly Point[]): Promise<void> {
    const text = points.map(pointLine).join("");
    await new Promise<void>((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure);
      this.#onFailure = reject;
      this.#stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  async finish(): Promise<void> {
    if (this.#output === undefined) return;
    const done = finished(this.#sink);
    this.#stream.end();
    await done;
    renameSync(partOf(this.#output), this.#output);
  }

  async abandon(): Promise<void> {
    if (this.#output === undefined) return;
    this.#stream.destroy();
    this.#sink.destroy();
    rmSync(partOf(this.#output), { force: true });
  }
}

/** Opened at once, so that what forbids it is told before anything is read. */
function openFile(path: string): Writable {
  return createWriteStream(path, { fd: openSync(path, "w") });
}

function partOf(output: string): string {
  return `${output}.part`;
}

function pointLine({ id, vector, payload }: Point): string {
  // JSON knows -0; JSON.stringify does not.
  const components = Array.from(vector, (c) => (Object.is(c, -0) ? "-0" : String(c))).join(",");
  return `{"id":${JSON.stringify(id)},"vector":[${components}],"payload":${JSON.stringify(payload)}}\n`;
}
