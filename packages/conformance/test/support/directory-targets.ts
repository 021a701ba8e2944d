import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StorageOptions, VectronClient } from "@vectron/local";
import * as assert from "../../src/assert/assert.ts";
import { withKey } from "../../src/case-scope.ts";
import type { OpenTarget } from "../../src/vitest.ts";

/** Makes a target whose engine is kept in a directory. */
export type OpenOnDirectory = (storage: StorageOptions) => Promise<OpenTarget>;

/** A target on a new directory, which is gone when it is closed. */
export async function openOnNewDirectory(open: OpenOnDirectory): Promise<OpenTarget> {
  const path = newDirectory();
  const { target, close } = await open({ path });
  const closeAndRemove = async () => {
    await close();
    rmSync(path, { recursive: true, force: true });
  };
  return { target, close: closeAndRemove };
}

/** One directory that is opened again and again. Each time it has to hold what the times before left in it. */
export class ReopenedDirectory {
  readonly #path = newDirectory();
  readonly #open: OpenOnDirectory;
  #timesOpened = 0;

  constructor(open: OpenOnDirectory) {
    this.#open = open;
  }

  async open(): Promise<OpenTarget> {
    const opened = await this.#open({ path: this.#path, durability: "relaxed" });
    const client = opened.target.connect(withKey(opened.target, {}));
    try {
      if (this.#timesOpened > 0) await this.#check(client);
      await this.#leave(client);
    } catch (error) {
      await opened.close();
      throw error;
    } finally {
      await client.close();
    }
    return opened;
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  /** Every time leaves a point, and takes one away that an earlier time left. */
  async #leave(client: VectronClient): Promise<void> {
    const time = this.#timesOpened++;
    if (time === 0) await client.createCollection({ name: LEFT, dimension: 2, distance: "euclidean" });
    await client.upsert(LEFT, [{ id: `time ${time}`, vector: [time, 1], payload: { time: String(time) } }]);
    await client.delete(LEFT, `time ${time - 3}`);
  }

  async #check(client: VectronClient): Promise<void> {
    const last = this.#timesOpened - 1;
    const times = [last, last - 1, last - 2].filter((time) => time >= 0);
    const found = await client.search(LEFT, { vector: [last, 1], topK: 10 });
    const wanted = times.map((time) => ({
      id: `time ${time}`,
      score: (last - time) ** 2,
      payload: { time: String(time) },
    }));
    assert.deepEqual(
      found.map(({ id, score, payload }) => ({ id, score, payload })),
      wanted,
      "what was left in the directory",
    );
  }
}

/** Where each opening leaves something for the next. */
const LEFT = "left in the directory";

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), "vectron-conformance-"));
}
