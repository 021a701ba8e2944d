import { allTransports, TRANSPORTS } from "../clients.ts";
import { type Fault, impossible, type Outcome } from "../fault.ts";
import { allFaults } from "../faults/all-faults.ts";
import { allMethods } from "../methods/all-methods.ts";
import type { MethodCase, Repetition } from "../methods/method-case.ts";
import type { Cell, CellResult } from "../run-cell.ts";

const INTRODUCTION = `# What becomes of a call when something goes wrong

Every method under every fault over every transport, as it was observed: real clients and real servers, on real sockets.
\`npm test\` makes all these calls and fails when anything is not as it is written here; \`npm run faults\` writes this file.

- "ok" means that the call succeeded and had its effect, once. An arrow leads from each attempt to the next.
- "not sent", "sent" and "perhaps sent" is what the client knows of a request: \`requestSent\` in an error's \`attempts\`.
- The name in brackets is the platform's own, which stands at the end of the error's chain of causes.
- Calls have the default \`retry\` options, but for shorter pauses.
- The deadline ends a call exactly where it stands, whatever hangs: that is tested on a virtual clock, for every method.
`;

const GROUPS: Readonly<Record<Repetition, string>> = {
  harmless: "are repeated: doing them twice does what doing them once does",
  "after a look": "are repeated after a look at the server's state, which tells whether they took effect",
  never: "are not repeated when they may have taken effect, unless `retry.nonIdempotent` says so",
};

/** The document that says what becomes of each call. */
export function faultTable(results: readonly CellResult[]): string {
  return [
    INTRODUCTION,
    "## Methods",
    "",
    ...(Object.keys(GROUPS) as Repetition[]).map(
      (group) => `- ${listMethods(inGroup(group))} ${GROUPS[group]}.`,
    ),
    "",
    "## Faults",
    ...allFaults.flatMap((fault) => [
      "",
      ...sectionOf(
        fault,
        results.filter(({ cell }) => cell.fault === fault),
      ),
    ]),
    "",
  ].join("\n");
}

function sectionOf(fault: Fault, results: readonly CellResult[]): string[] {
  const rows = new Map<string, MethodCase[]>();
  for (const method of allMethods) {
    const cells = allTransports.map((transport) => showCell({ fault, method, transport }, results));
    const row = cells.join(" | ");
    rows.set(row, [...(rows.get(row) ?? []), method]);
  }
  return [
    `### ${fault.name}`,
    "",
    fault.happens,
    "",
    `| methods | ${allTransports.map((transport) => TRANSPORTS[transport]).join(" | ")} |`,
    `|---|${"---|".repeat(allTransports.length)}`,
    ...[...rows].map(([row, methods]) => `| ${listMethods(methods)} | ${row} |`),
  ];
}

function showCell({ fault, method, transport }: Cell, results: readonly CellResult[]): string {
  const reason = impossible(fault, method, transport);
  if (reason !== undefined) return `— (${reason})`;
  const found = results.find(({ cell }) => cell.method === method && cell.transport === transport);
  if (found === undefined)
    throw new Error(`${method.name} was not called under ${fault.name} over ${transport}`);
  return show(found.outcome);
}

function show({ ends, attempts, cause }: Outcome): string {
  const end = ends === "ok" ? "**ok**" : `\`${ends}\``;
  const story = attempts.length === 1 && attempts[0] === "OK" ? "" : `: ${storyOf(attempts)}`;
  return `${end}${story}${cause === undefined ? "" : ` (${cause})`}`;
}

/** The attempts in their order; those that are the same, one after another, stand once. */
function storyOf(attempts: Outcome["attempts"]): string {
  const runs: { attempt: string; count: number }[] = [];
  for (const attempt of attempts) {
    const last = runs.at(-1);
    if (last?.attempt === attempt) last.count += 1;
    else runs.push({ attempt, count: 1 });
  }
  return runs.map(({ attempt, count }) => (count === 1 ? attempt : `${count} × ${attempt}`)).join(" → ");
}

function listMethods(methods: readonly MethodCase[]): string {
  if (methods.length === allMethods.length) return "all";
  return (["gateway", "auth"] as const)
    .flatMap((service) => {
      const all = allMethods.filter((method) => method.service === service);
      const some = all.filter((method) => methods.includes(method));
      if (some.length < all.length) return some.map(({ name }) => `\`${name}\``);
      return service === "gateway" ? "all of `VectronClient`" : "all of `AuthClient`";
    })
    .join(", ");
}

function inGroup(group: Repetition): MethodCase[] {
  return allMethods.filter(({ repetition }) => repetition === group);
}
