import fc from "fast-check";
import { expect, test } from "vitest";
import { encode } from "../../src/wire/binary/encode.ts";
import { messageArbitrary } from "./support/arbitrary.ts";
import { type MessageCodec, messageCodecs, type Plain } from "./support/codecs.ts";
import { compareDecoders } from "./support/compare-decoders.ts";
import { DEVIATIONS, type Deviation } from "./support/deviations.ts";
import { mutate, Random } from "./support/mutations.ts";
import { encodeOddly } from "./support/odd-encoding.ts";

const HEAVY = process.env.VECTRON_HEAVY !== undefined;
const DEFAULT_RUNS = 20_000;
const RUNS = Number(process.env.VECTRON_FUZZ_RUNS ?? (HEAVY ? 1_000_000 : DEFAULT_RUNS));
const SEED = Number(process.env.VECTRON_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const SAMPLES_PER_MESSAGE = 200;
/** One input in this many is random bytes; the others are encodings, most of them damaged. */
const RANDOM_SHARE = 8;
/** One input in this many is a legal encoding of an unusual form. */
const LEGAL_SHARE = 6;

test(
  `${RUNS} damaged inputs are taken as protobuf-es takes them (VECTRON_FUZZ_SEED=${SEED})`,
  () => {
    const random = new Random(SEED);
    const corpus = messageCodecs.map((codec) => {
      const messages = fc.sample(messageArbitrary(codec.desc), { numRuns: SAMPLES_PER_MESSAGE, seed: SEED });
      return { codec, messages, samples: messages.map((message) => encode(codec, message)) };
    });
    const counts = { accepted: 0, refused: 0 };
    const touched = new Map<Deviation, number>();

    for (let run = 0; run < RUNS; run++) {
      const source = random.pick(corpus);
      const { codec } = source;
      const bytes = nextInput(source, random.pick(random.pick(corpus).samples), random);
      const { accepted, deviations } = compareDecoders(codec, bytes);
      counts[accepted ? "accepted" : "refused"]++;
      for (const deviation of new Set(deviations)) touched.set(deviation, (touched.get(deviation) ?? 0) + 1);
    }

    if (RUNS > DEFAULT_RUNS) {
      console.log({ runs: RUNS, seed: SEED, ...counts, ...Object.fromEntries(touched) });
    }
    // The inputs are of use only if they reach both outcomes and every deviation.
    expect(counts.accepted).toBeGreaterThan(RUNS / 50);
    expect(counts.refused).toBeGreaterThan(RUNS / 50);
    if (RUNS >= DEFAULT_RUNS) expect([...touched.keys()].sort()).toEqual(Object.keys(DEVIATIONS).sort());
  },
  60_000 + RUNS,
);

interface Source {
  readonly codec: MessageCodec;
  readonly messages: readonly Plain[];
  readonly samples: readonly Uint8Array[];
}

function nextInput({ codec, messages, samples }: Source, other: Uint8Array, random: Random): Uint8Array {
  if (random.below(RANDOM_SHARE) === 0) return random.bytes(random.below(24));
  const isOdd = random.below(2) === 0;
  const bytes = isOdd ? encodeOddly(codec.desc, random.pick(messages), random) : random.pick(samples);
  return random.below(LEGAL_SHARE) === 0 ? bytes : mutate(bytes, random, other);
}
