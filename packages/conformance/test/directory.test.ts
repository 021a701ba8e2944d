import { afterAll, test } from "vitest";
import { allCases } from "../src/cases/all-cases.ts";
import { describeConformance } from "../src/vitest.ts";
import { type OpenOnDirectory, openOnNewDirectory, ReopenedDirectory } from "./support/directory-targets.ts";
import { openGrpc, openInProcessOn, openWeb } from "./support/targets.ts";

const HEAVY = process.env.VECTRON_HEAVY !== undefined;

const TRANSPORTS: readonly [name: string, open: OpenOnDirectory][] = [
  ["in-process", openInProcessOn],
  ["gRPC", openGrpc],
  ["HTTP/JSON", (storage) => openWeb("json", storage)],
  ["gRPC-Web", (storage) => openWeb("grpc-web", storage)],
  ["Connect", (storage) => openWeb("connect", storage)],
];

/** Topics about what an engine does, as opposed to what a client does by itself. */
const ABOUT_ENGINES = /^(collections|points|upsert|ids|vectors|payloads|search|scores|streaming|volume)\//;

/** Of those, every so many by turns, so that the transports together have all of them. */
const SLICES = TRANSPORTS.length;

function casesOf(slice: number) {
  if (HEAVY) return allCases;
  return allCases.filter(({ id }) => ABOUT_ENGINES.test(id)).filter((_, index) => index % SLICES === slice);
}

if (!HEAVY) test.skip("every case runs over every transport with VECTRON_HEAVY=1", () => undefined);

for (const [index, [name, open]] of TRANSPORTS.entries()) {
  describeConformance(`${name} to a directory`, () => openOnNewDirectory(open), {
    cases: casesOf(index),
    gaps: [],
  });

  const directory = new ReopenedDirectory(open);
  afterAll(() => directory.remove());
  describeConformance(`${name} to a directory that is reopened between cases`, () => directory.open(), {
    // Another slice than without reopening.
    cases: casesOf((index + 1) % SLICES),
    gaps: [],
    opensEachCase: true,
  });
}
