import { cpuMicros, measured, outcomeOf, ratio } from "../harness/compare.ts";
import type { Effort, Outcome } from "../harness/interleave.ts";
import { interleaveProcesses, processContender, profileProcess } from "../harness/process-contender.ts";
import { formatSpread } from "../report/format.ts";
import { profileTable } from "../report/profile-table.ts";
import type { Bar, Chart, Table } from "../report/section-report.ts";
import type { RunSettings, Section } from "../section.ts";
import type { CodecTask } from "./codec-contender.ts";
import type { CodecName } from "./codecs.ts";

const CONTENDER = new URL("./codec-contender.ts", import.meta.url);

const ENCODERS: readonly CodecName[] = [
  "memcpy, fresh memory",
  "memcpy, warm memory",
  "the vectors alone, one by one, warm",
  "vectron, fresh memory",
  "vectron, warm memory",
  "vectron upsert() with checks, fresh",
  "vectron upsert() with checks, warm",
  "protobuf-es",
  "ts-proto",
  "protobufjs",
];
const DECODERS: readonly CodecName[] = ["memcpy", "vectron", "protobuf-es", "ts-proto", "protobufjs"];

const ENCODE_1536 = { work: "encode", count: 256, dimension: 1536 } as const;
const DECODE_1536 = { work: "decode", count: 100, dimension: 1536 } as const;

/** Encoders and decoders alone, without a call around them. */
export const codecSection: Section = {
  id: "codec",
  async run(settings) {
    const encode768 = await measure(settings, ENCODERS, { ...ENCODE_1536, dimension: 768 });
    const encode1536 = await measure(settings, ENCODERS, ENCODE_1536);
    const decode1536 = await measure(settings, DECODERS, DECODE_1536);
    return {
      title: "Codec",
      about: ABOUT,
      tables: [
        tableOf("Encode an Upsert of 256 x 768", encode768),
        tableOf("Encode an Upsert of 256 x 1536", encode1536),
        tableOf("Decode 100 results of 1536 dimensions", decode1536),
        await profileOf(settings, "vectron, warm memory", ENCODE_1536),
        await profileOf(settings, "vectron upsert() with checks, warm", ENCODE_1536),
        await profileOf(settings, "vectron", DECODE_1536),
      ],
      bars: [...encodeBars(encode1536), ...decodeBars(decode1536)],
      charts: [
        chartOf("codec-encode", "Encode an Upsert of 256 x 1536", encode1536),
        chartOf("codec-decode", "Decode 100 results of 1536 dimensions", decode1536),
      ],
      remarks: [],
      packages: ["@bufbuild/protobuf", "ts-proto", "protobufjs"],
    };
  },
};

const ABOUT = `Each point has an id, two payload entries and a vector; each encoder gets its points in the form that it likes
best, made beforehand, and all give the same bytes, which is checked. There are 16 different requests, encoded in turn: one
alone would lie in the processor's cache, which no caller's points do.

On fresh memory the system hands out every page at the first write, which costs more than the copy. So both are measured: copying
the finished bytes into fresh memory is what an encoder that returns a new buffer can be compared with; copying into warm memory,
which has been written before, is the yardstick for the same encoder in the gRPC transport, which lends its requests memory.

Memcpy has one block of finished bytes. An encoder has vectors that lie apart, so that there is a third yardstick: copying the vectors,
and nothing else, one after the other to their places.`;

function measure(
  { quick, log }: RunSettings,
  codecs: readonly CodecName[],
  task: Omit<CodecTask, "codec">,
): Promise<Outcome[]> {
  log(`${task.work} ${task.count} x ${task.dimension}`);
  return interleaveProcesses(
    codecs.map((codec) => processContender<CodecTask>(codec, CONTENDER, { codec, ...task })),
    quick ? QUICK : FULL,
  );
}

async function profileOf(
  { quick, log }: RunSettings,
  codec: CodecName,
  task: Omit<CodecTask, "codec">,
): Promise<Table> {
  log(`profile of ${task.work}, ${codec}`);
  const contender = processContender<CodecTask>(codec, CONTENDER, { codec, ...task });
  const profile = await profileProcess(contender, { ...(quick ? QUICK : FULL), roundMs: quick ? 50 : 500 });
  return profileTable(`${task.work} ${task.count} x ${task.dimension}, ${codec}`, profile);
}

const FULL: Effort = { rounds: 15, roundMs: 250, warmUpMs: 2_000 };
const QUICK: Effort = { rounds: 3, roundMs: 20, warmUpMs: 150 };

function tableOf(title: string, outcomes: readonly Outcome[]): Table {
  const vectron = outcomes.find(({ name }) => name.startsWith("vectron")) as Outcome;
  return {
    title,
    columns: ["codec", "CPU µs", `times ${vectron.name}`],
    rows: outcomes.map((outcome) => [
      outcome.name,
      formatSpread(measured(outcome, cpuMicros)),
      formatSpread(ratio(outcome, vectron, cpuMicros), "x"),
    ]),
  };
}

function encodeBars(outcomes: readonly Outcome[]): Bar[] {
  const times = (one: CodecName, base: CodecName) =>
    ratio(outcomeOf(outcomes, one), outcomeOf(outcomes, base), cpuMicros);
  const what = "encode Upsert 256 x 1536";
  return [
    {
      what: `${what}, checked before, against memcpy (both into fresh memory)`,
      limit: { kind: "at most", value: 3, unit: "x" },
      measured: times("vectron, fresh memory", "memcpy, fresh memory"),
    },
    {
      what: `${what}, checked before, against memcpy (both into warm memory)`,
      limit: { kind: "at most", value: 3, unit: "x" },
      measured: times("vectron, warm memory", "memcpy, warm memory"),
    },
    {
      what: `${what}, with every check, against memcpy (both into fresh memory)`,
      limit: { kind: "at most", value: 6, unit: "x" },
      measured: times("vectron upsert() with checks, fresh", "memcpy, fresh memory"),
    },
    {
      what: `${what}, with every check, against memcpy (both into warm memory)`,
      limit: { kind: "at most", value: 6, unit: "x" },
      measured: times("vectron upsert() with checks, warm", "memcpy, warm memory"),
    },
    {
      what: `${what}: ts-proto against vectron`,
      limit: { kind: "at least", value: 20, unit: "x" },
      measured: times("ts-proto", "vectron, fresh memory"),
    },
    {
      what: `${what}: ts-proto against vectron in warm memory`,
      limit: { kind: "at least", value: 20, unit: "x" },
      measured: times("ts-proto", "vectron, warm memory"),
    },
    {
      what: `${what}: protobuf-es against vectron`,
      limit: { kind: "at least", value: 10, unit: "x" },
      measured: times("protobuf-es", "vectron, fresh memory"),
    },
  ];
}

function decodeBars(outcomes: readonly Outcome[]): Bar[] {
  return [
    {
      what: "decode 100 results of 1536 dimensions: ts-proto against vectron",
      limit: { kind: "at least", value: 5, unit: "x" },
      measured: ratio(outcomeOf(outcomes, "ts-proto"), outcomeOf(outcomes, "vectron"), cpuMicros),
    },
  ];
}

function chartOf(name: string, title: string, outcomes: readonly Outcome[]): Chart {
  return {
    name,
    title: `${title}: CPU time`,
    unit: "µs",
    entries: outcomes.map((outcome) => ({
      label: outcome.name,
      value: measured(outcome, cpuMicros),
      own: outcome.name.startsWith("vectron"),
    })),
  };
}
