import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { restartPort } from "@vectron/fixtures";
import { openVectron } from "@vectron/local";
import { describe, expect, it, onTestFinished } from "vitest";
import { ParquetPointWriter } from "../src/writers/parquet-writer.ts";
import { cli, serve, startCli, temporaryDirectory } from "./support/cli.ts";
import {
  recordOf as recordOfDimension,
  DIMENSION as SMALL,
  vectorOf as vectorOfDimension,
} from "./support/records.ts";

const HEAVY = process.env.VECTRON_HEAVY === "1";
const COUNT = HEAVY ? 1_000_000 : 2_000;
const DIMENSION = HEAVY ? 128 : SMALL;
/** More than a load needs, of however many records: a million of them were measured at 213 (JSONL) and 324 (Parquet). */
const MAX_RSS_MIB = 512;
/** Small requests, so that a load of few records takes many. */
const BATCH_BYTES = HEAVY ? 1_048_576 : 4_096;
const BAD_LINE = Math.floor(COUNT / 3);

const vectorOf = (index: number) => vectorOfDimension(index, DIMENSION);
const recordOf = (index: number) => recordOfDimension(index, DIMENSION);

/** Watches how much memory a process takes, where the system tells (`/proc`); returns the peak so far in MiB. */
function watchMemory(pid: number): () => number {
  let peakKib = 0;
  const look = () => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      peakKib = Math.max(peakKib, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {}
  };
  const timer = setInterval(look, 50);
  onTestFinished(() => clearInterval(timer));
  return () => peakKib / 1_024;
}

/** Writes the records as a file of that kind; JSON lines have one that is bad. */
async function writeRecords(path: string): Promise<void> {
  if (path.endsWith(".jsonl")) {
    let lines: string[] = [];
    for (let i = 0; i < COUNT; i++) {
      lines.push(i === BAD_LINE ? "no JSON" : JSON.stringify(recordOf(i)));
      if (lines.length < 10_000 && i < COUNT - 1) continue;
      writeFileSync(path, `${lines.join("\n")}\n`, { flag: "a" });
      lines = [];
    }
    return;
  }
  const writer = new ParquetPointWriter(path, DIMENSION);
  for (let from = 0; from < COUNT; from += 500) {
    await writer.write(
      Array.from({ length: 500 }, (_, i) => ({
        id: `doc-${from + i}`,
        vector: Float32Array.from(vectorOf(from + i)),
        payload: { title: `Title ${from + i}`, year: String(1900 + from + i) },
      })),
    );
  }
  await writer.finish();
}

/** Resolves when a load has kept how far it has come. */
async function checkpointWritten(path: string, ended: Promise<unknown>): Promise<{ records: number }> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!existsSync(path)) {
    if (over) throw new Error("the load ended before it kept a checkpoint");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Every record is there with its own vector and payload; none is there twice, as ids are unique. */
async function expectAll(path: string, has: (index: number) => boolean): Promise<void> {
  const client = await openVectron({ path });
  let count = 0;
  for await (const bytes of client.engine.exportCollection("docs", { format: "jsonl" })) {
    for (const line of Buffer.from(bytes).toString("utf8").split("\n")) {
      if (!line.startsWith('{"id"')) continue;
      const { id, vector, payload } = JSON.parse(line);
      const index = Number(id.slice(4));
      // Components are kept as float32.
      const sent = Float32Array.from(vectorOf(index));
      const isRight =
        has(index) &&
        payload.title === `Title ${index}` &&
        vector.every((c: number, i: number) => c === sent[i]);
      if (!isRight) throw new Error(`wrong: ${line}`);
      count += 1;
    }
  }
  await client.close();
  expect(count).toBe(Array.from({ length: COUNT }, (_, i) => i).filter(has).length);
}

describe.each(["docs.jsonl", "docs.parquet"])("an import of %s", (name) => {
  it(`of ${COUNT} records that is killed goes on where it was`, { timeout: 1_800_000 }, async () => {
    const directory = temporaryDirectory();
    const file = join(directory, name);
    const path = join(directory, "data");
    await writeRecords(file);
    const port = String(await restartPort());
    const checkpoint = `${file}.docs.checkpoint.json`;
    const args = ["import", file, "-c", "docs", "--create", "--host", `127.0.0.1:${port}`, "--json"];
    const load = [...args, "--batch-bytes", String(BATCH_BYTES)];

    // The server takes few requests a second, so that the load is not over before it is killed.
    const slow = await serve(["--path", path, "--grpc-port", port, ...(HEAVY ? [] : ["--rate-limit", "20"])]);
    const first = startCli(load);
    const { records } = await checkpointWritten(checkpoint, first.ended);
    first.child.kill("SIGKILL");
    expect((await first.ended).signal).toBe("SIGKILL");
    expect(records).toBeGreaterThan(0);
    await slow.stop();

    const fast = await serve(["--path", path, "--grpc-port", port]);
    const resumed = startCli(load);
    const peakMib = watchMemory(resumed.child.pid!);
    const second = await resumed.ended;
    expect(peakMib()).toBeLessThan(MAX_RSS_MIB);
    expect(second.stderr).toMatch(/going on after [\d,]+ records? that an earlier import has settled/);
    const hasBad = name === "docs.jsonl";
    expect(second.code).toBe(hasBad ? 3 : 0);
    expect(JSON.parse(second.stdout)).toMatchObject({
      state: "done",
      written: hasBad ? COUNT - 1 : COUNT,
      rejected: hasBad ? 1 : 0,
    });
    if (hasBad) {
      const told = readFileSync(`${file}.docs.rejected.jsonl`, "utf8").trim().split("\n");
      expect(told.map((line) => JSON.parse(line))).toMatchObject([{ line: BAD_LINE + 1 }]);
    }
    expect(existsSync(checkpoint)).toBe(false);
    await fast.stop();
    await expectAll(path, (index) => !hasBad || index !== BAD_LINE);
  });
});

describe("an import that is interrupted", () => {
  /** A file that a slow server needs long for, and the arguments to load it. */
  async function longLoad() {
    const directory = temporaryDirectory();
    const file = join(directory, "docs.jsonl");
    writeFileSync(
      file,
      `${Array.from({ length: 10_000 }, (_, i) => JSON.stringify(recordOf(i))).join("\n")}\n`,
    );
    const server = await serve(["--rate-limit", "20"]);
    const args = [
      "import",
      file,
      "-c",
      "docs",
      "--create",
      "--host",
      server.grpcAddress,
      "--batch-bytes",
      "4096",
    ];
    return { file, server, args, checkpoint: `${file}.docs.checkpoint.json` };
  }

  it("with Ctrl-C keeps how far it has come, says so, and exits with 130", async () => {
    const { args, checkpoint } = await longLoad();
    const running = startCli(args);
    await checkpointWritten(checkpoint, running.ended);
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^interrupted: [\d,]+ records into docs/);
    const { records } = JSON.parse(readFileSync(checkpoint, "utf8"));
    expect(stderr).toContain(
      `${records.toLocaleString("en-US")} records are settled; the same command goes on from there`,
    );
  });

  it("with SIGTERM exits with 143, and with --no-checkpoint leaves nothing", async () => {
    const { args, checkpoint } = await longLoad();
    const running = startCli([...args, "--no-checkpoint"]);
    // There is no file to wait for: the first line of progress tells that the load is under way.
    await new Promise<void>((resolve) => {
      running.child.stderr!.on("data", (text: string) => {
        if (/records {2}\d+\/s/.test(text)) resolve();
      });
    });
    running.child.kill("SIGTERM");
    const { code, stdout } = await running.ended;
    expect(code).toBe(143);
    expect(stdout).toMatch(/^interrupted: /);
    expect(existsSync(checkpoint)).toBe(false);
  });

  it("is not gone on with when the file, the target or the options have changed", async () => {
    const { args, checkpoint, file, server } = await longLoad();
    const running = startCli(args);
    await checkpointWritten(checkpoint, running.ended);
    running.child.kill("SIGINT");
    await running.ended;

    const otherOptions = await cli([...args, "--no-payload"]);
    expect(otherOptions).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/options that choose fields.*--restart/),
    });
    const elsewhere = await serve();
    const other = args.map((arg) => (arg === server.grpcAddress ? elsewhere.grpcAddress : arg));
    expect(await cli(other)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/it is of a load into 127/),
    });

    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("Title 0", "Title 9"));
    expect(await cli(args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has changed since: its contents/),
    });
    writeFileSync(file, `${text}\n`);
    expect(await cli(args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        new RegExp(`had ${text.length} bytes and now has ${statSync(file).size}`),
      ),
    });
  });
});

it("an import whose server goes away keeps how far it has come, and fails", async () => {
  const directory = temporaryDirectory();
  const file = join(directory, "docs.jsonl");
  writeFileSync(file, `${Array.from({ length: 2_000 }, (_, i) => JSON.stringify(recordOf(i))).join("\n")}\n`);
  const server = await serve(["--rate-limit", "20"]);
  const where = ["--host", server.grpcAddress, "--batch-bytes", "4096", "--timeout-ms", "2000"];
  const running = startCli(["import", file, "-c", "docs", "--create", ...where]);
  const checkpoint = `${file}.docs.checkpoint.json`;
  await checkpointWritten(checkpoint, running.ended);
  server.process.child.kill("SIGKILL");
  const { code, stderr } = await running.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: the bulk upsert into "docs" stopped/m);
  expect(stderr).toMatch(/the same command goes on from there/);
  expect(JSON.parse(readFileSync(checkpoint, "utf8")).records).toBeGreaterThan(0);
});
