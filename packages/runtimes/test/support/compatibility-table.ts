import type { CaseResult } from "@vectron/conformance";
import { gapsOf } from "../../src/known-gaps.ts";
import type { CellResults } from "./describe-cells.ts";
import { runtimes } from "./runtimes/all-runtimes.ts";

const INTRODUCTION = `# Compatibility

The behaviour suite (\`packages/conformance\`), run in every runtime over every transport, on the packages as they are
built. \`npm run test:heavy\` writes this file.

- **in-process** is the engine of \`@vectron/local/memory\` in the runtime itself; **grpc** is \`@vectron/node\`; **json**,
  **grpc-web** and **connect** are \`@vectron/web\`.
- **engine** is the local server; **bridge** is the local server in front of another one.
- In Chromium the page and the server have different origins, so every call is subject to CORS.
- A case is skipped where the combination cannot offer what it is about; why is said below. A known gap is a defect: it
  is run all the same, and the run fails if it passes.
`;

/** The document that says what works where. */
export function compatibilityTable(all: readonly CellResults[]): string {
  const rows = all.map((one) => `| ${columnsOf(one).join(" | ")} |`);
  const head = [
    "| runtime | transport | server | passed | skipped | known gaps |",
    "|---|---|---|--:|--:|--:|",
  ];
  return [
    INTRODUCTION,
    ...head,
    ...rows,
    "",
    "## What is skipped",
    "",
    ...listSkips(all),
    "",
    "## Known gaps",
    "",
    ...listGaps(all),
    "",
  ].join("\n");
}

function columnsOf({ cell, results }: CellResults): (string | number)[] {
  const { runtime, transport, backEnd } = cell;
  const passed = results.filter(({ status }) => status === "passed").length;
  const gaps = results.filter((result) => isGap({ cell, results }, result)).length;
  const skipped = results.filter(({ status }) => status === "skipped").length - gaps;
  const server = backEnd === "none" ? "" : backEnd;
  return [runtimes[runtime].title, transport, server, passed, skipped, gaps];
}

/** Reasons, each with the transports that it holds for and how many cases it is about. */
function listSkips(all: readonly CellResults[]): string[] {
  const counts = new Map<string, Map<string, Set<string>>>();
  for (const one of all) {
    for (const result of one.results) {
      if (result.status !== "skipped" || isGap(one, result)) continue;
      const transports = entry(counts, result.reason ?? "", () => new Map<string, Set<string>>());
      entry(transports, one.cell.transport, () => new Set<string>()).add(result.id);
    }
  }
  const lines = [...counts].flatMap(([reason, transports]) =>
    [...transports].map(([transport, ids]) => `| ${transport} | ${reason} | ${ids.size} |`),
  );
  return ["| transport | reason | cases |", "|---|---|--:|", ...lines.sort()];
}

function listGaps(all: readonly CellResults[]): string[] {
  const lines = all.flatMap((one) =>
    one.results
      .filter((result) => isGap(one, result))
      .map(({ id, reason }) => {
        const { runtime, transport, backEnd } = one.cell;
        return `| ${runtimes[runtime].title} | ${transport} | ${backEnd} | \`${id}\` | ${reason} |`;
      }),
  );
  if (lines.length === 0) return ["None."];
  return ["| runtime | transport | server | case | reason |", "|---|---|---|---|---|", ...lines];
}

function isGap({ cell }: CellResults, { id, status }: CaseResult): boolean {
  return status === "skipped" && gapsOf(cell).some((gap) => gap.id === id);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
