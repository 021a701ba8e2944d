import type { Profile } from "../harness/profile-shares.ts";
import type { Table } from "./section-report.ts";

const MOST_FUNCTIONS = 8;
const SMALLEST_PART = 0.01;

/** Where the time of something goes, or something else: by package, and the functions that take most themselves. */
export function profileTable(
  title: string,
  { parts, functions }: Profile,
  heading = "Where the time goes",
): Table {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return {
    title: `${heading}, ${title}`,
    columns: ["part or function", "share"],
    rows: [
      ...parts
        .filter(({ share }) => share >= SMALLEST_PART)
        .map(({ where, share }) => [where, percent(share)]),
      ...functions.slice(0, MOST_FUNCTIONS).map(({ where, share }) => [`\`${where}\``, percent(share)]),
    ],
  };
}
