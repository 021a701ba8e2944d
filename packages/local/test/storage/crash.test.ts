import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/storage/open-engine.ts";
import { compileChild, startChild } from "./support/child.ts";
import { temporaryDirectory } from "./support/directories.ts";
import { afterStep, collectionOf, generator, type WriterState, writerStep } from "./support/writer-script.ts";

const HEAVY = process.env.VECTRON_HEAVY !== undefined;
/** How often the writing process is killed. */
const ROUNDS = Number(process.env.VECTRON_CRASH_ROUNDS ?? (HEAVY ? 200 : 6));
const SEED = Number(process.env.VECTRON_CRASH_SEED ?? Date.now() % 1_000_000);
const WRITERS = 4;
const MOST_MS_UNTIL_KILL = 500;

let program: string;
beforeAll(async () => {
  program = await compileChild("writer");
});
afterAll(() => rmSync(program, { force: true }));

/** What is known of one writer from its log. */
class WriterRecord {
  state: WriterState = undefined;
  nextStep = 0;
  begun = 0;
  acknowledged = 0;
  readonly #writer: number;

  constructor(writer: number) {
    this.#writer = writer;
  }

  log(what: string, step: number): void {
    if (what === "began") {
      this.begun = step + 1;
      return;
    }
    this.acknowledged += 1;
    this.nextStep = step + 1;
    this.state = afterStep(this.state, writerStep(this.#writer, step));
  }

  /** What may be there: all that was acknowledged, with or without the step that was under way. */
  possibleStates(): readonly WriterState[] {
    if (this.begun <= this.nextStep) return [this.state];
    return [this.state, afterStep(this.state, writerStep(this.#writer, this.nextStep))];
  }

  /** Goes on from what is there. */
  settleOn(state: WriterState): void {
    if (state !== this.state) this.nextStep += 1;
    this.state = state;
  }
}

async function runUntilKilled(
  command: readonly string[],
  writers: readonly WriterRecord[],
  killAfterMs: number,
) {
  const { child, ended } = startChild(command, (line) => {
    const [what, writer, step] = line.split(" ");
    writers[Number(writer)]!.log(what!, Number(step));
  });
  // A moment that depends on nothing in the program: sometimes it has not even opened the directory.
  const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const { signal, errors } = await ended;
  clearTimeout(timer);
  expect({ signal, errors }).toEqual({ signal: "SIGKILL", errors: "" });
}

async function readStates(path: string): Promise<WriterState[]> {
  const engine = await openEngine({ path });
  try {
    return Array.from({ length: WRITERS }, (_, writer) => {
      const points = engine.collection(collectionOf(writer))?.points();
      return points && new Map([...points].map((p) => [p.id, { ...p, vector: p.vector.slice() }]));
    });
  } finally {
    await engine.close();
  }
}

function same(a: WriterState, b: WriterState): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.size === b.size && [...a].every(([id, point]) => JSON.stringify(point) === JSON.stringify(b.get(id)))
  );
}

describe.each(["sync", "relaxed"])("a directory opened %s", (durability) => {
  it(
    `has every acknowledged write, and no half of another, after each of ${ROUNDS} kills`,
    async () => {
      const path = temporaryDirectory();
      const draw = generator(SEED);
      const writers = Array.from({ length: WRITERS }, (_, writer) => new WriterRecord(writer));
      for (let round = 0; round < ROUNDS; round += 1) {
        const steps = writers.map(({ nextStep }) => String(nextStep));
        const command = [process.execPath, program, path, durability, ...steps];
        // The program takes its time to start; most kills are to come after that.
        const killAfterMs = (draw() < 0.1 ? 0 : 400) + draw() * MOST_MS_UNTIL_KILL;
        await runUntilKilled(command, writers, killAfterMs);
        for (const [writer, found] of (await readStates(path)).entries()) {
          const record = writers[writer]!;
          const match = record.possibleStates().find((state) => same(state, found));
          const isKnown =
            match !== undefined || (found === undefined && record.possibleStates().includes(undefined));
          expect(isKnown, `seed ${SEED}, round ${round}, writer ${writer}`).toBe(true);
          record.settleOn(match);
        }
      }
      const acknowledged = writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
      console.log(`${durability}: ${acknowledged} writes acknowledged in ${ROUNDS} rounds, seed ${SEED}`);
      if (ROUNDS >= 6) expect(acknowledged).toBeGreaterThan(0);
    },
    60_000 + ROUNDS * 10_000,
  );
});
