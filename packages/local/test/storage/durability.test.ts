import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileChild, startChild } from "./support/child.ts";
import { temporaryDirectory } from "./support/directories.ts";

/** Whether system calls can be watched here; CI has to be able to. */
const canTrace =
  process.platform === "linux" &&
  spawnSync("strace", ["-f", "-o", "/dev/null", "true"], { stdio: "ignore" }).status === 0;
const mustTrace = process.env.CI !== undefined;
const WRITES = 20;
const CALLS = "trace=fdatasync,fsync,msync,sync_file_range,pwrite64,pwritev,write,writev,openat";

if (!canTrace && !mustTrace)
  console.warn("skipped: strace is not here, so that nobody saw data go to the disk");

let program: string;
beforeAll(async () => {
  program = await compileChild("paced-writer");
});
afterAll(() => rmSync(program, { force: true }));

/** What the system was asked for between each request and its acknowledgement, one line a call. */
async function trace(durability: string): Promise<{ readonly calls: string[][]; readonly log: string }> {
  const path = temporaryDirectory();
  const output = join(path, "..", `${Date.now()}-${process.pid}.strace`);
  const strace = ["strace", "-f", "-y", "-s", "64", "-e", CALLS, "-o", output];
  const command = [...strace, process.execPath, program, path, durability, String(WRITES)];
  const { code, errors } = await startChild(command).ended;
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const log = readFileSync(output, "utf8");
  rmSync(output);
  const lines = log.split("\n");
  const lineOf = (text: string) => lines.findIndex((line) => line.includes(`"${text}\\n"`));
  const calls = Array.from({ length: WRITES }, (_, n) =>
    lines.slice(lineOf(`request ${n}`) + 1, lineOf(`acknowledged ${n}`)),
  );
  return { calls, log };
}

function lastIndexOf(calls: readonly string[], isWanted: (call: string) => boolean): number {
  return calls.reduce((last, call, n) => (isWanted(call) ? n : last), -1);
}

const DATA = /data\.mdb>/;
const isFlush = (call: string) => /(fdatasync|fsync|msync)\(/.test(call) && DATA.test(call);
const isPageWrite = (call: string) => /(pwrite64|pwritev|writev|write)\(/.test(call) && DATA.test(call);

describe.skipIf(!canTrace && !mustTrace)("what the system is asked to do, where strace can run", () => {
  it("sync: the data is flushed, then the meta page, before the acknowledgement", async () => {
    const { calls, log } = await trace("sync");
    // The file that a write to is over when it is on the disk: LMDB writes the meta page, its commit mark, there.
    const synced = /openat\([^\n]*data\.mdb", [^\n]*O_D?SYNC[^\n]*\) = (\d+)/.exec(log)?.[1];
    expect(synced, "the file is opened for synchronous writes too").toBeDefined();
    for (const [n, between] of calls.entries()) {
      const flush = between.findIndex(isFlush);
      const lastPage = lastIndexOf(between, (call) => isPageWrite(call) && !call.includes(`(${synced}<`));
      const meta = between.findIndex((call) => call.includes(`pwrite64(${synced}<`));
      expect({ n, order: [lastPage >= 0, lastPage < flush, flush < meta] }).toEqual({
        n,
        order: [true, true, true],
      });
    }
  });

  it("relaxed: the data is flushed, then the meta page written, before the acknowledgement", async () => {
    const { calls } = await trace("relaxed");
    for (const between of calls) {
      const flush = between.findIndex(isFlush);
      const meta = lastIndexOf(between, isPageWrite);
      expect([flush >= 0, flush < meta]).toEqual([true, true]);
    }
  });
});
