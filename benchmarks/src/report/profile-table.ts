import type { CpuProfile } from "../harness/cpu-profile.ts";
import type { Table } from "./section-report.ts";

const MOST_FUNCTIONS = 8;
const SMALLEST_PART = 0.01;

/** Where the time of something goes: by package, and the functions that take most themselves. */
export function profileTable(title: string, { parts, functions }: CpuProfile): Table {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return {
    title: `Where the time goes, ${title}`,
    columns: ["part or function", "share"],
    rows: [
      ...parts
        .filter(({ share }) => share >= SMALLEST_PART)
        .map(({ where, share }) => [where, percent(share)]),
      ...functions.slice(0, MOST_FUNCTIONS).map(({ where, share }) => [`\`${where}\``, percent(share)]),
    ],
  };
}
