import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { exactly } from "../harness/spread.ts";
import { formatNumber } from "../report/format.ts";
import type { Bar } from "../report/section-report.ts";
import type { Section } from "../section.ts";

const WEB = dirname(dirname(fileURLToPath(import.meta.resolve("@vectron/web"))));
const run = promisify(execFile);

/** A row of what `packages/web/scripts/size.mjs --json` prints, in bytes. */
interface EntrySize {
  readonly entry: string;
  readonly minified: number;
  readonly gzip: number;
  /** What connect-web and protobuf-es take, used plainly, where the entry stands on them. */
  readonly plain?: number;
}

const KB = 1_000;

/** What a page downloads. */
export const sizesSection: Section = {
  id: "sizes",
  async run({ log }) {
    log("bundles");
    const { stdout } = await run(process.execPath, [join(WEB, "scripts/size.mjs"), "--json"]);
    const entries = JSON.parse(stdout) as EntrySize[];
    return {
      title: "Web bundles",
      about: ABOUT,
      tables: [
        {
          title: "kB",
          columns: [
            "entry of @vectron/web",
            "minified",
            "and gzipped",
            "connect-web + protobuf-es used plainly",
          ],
          rows: entries.map(({ entry, minified, gzip, plain }) => [
            entry,
            formatNumber(minified / KB),
            formatNumber(gzip / KB),
            plain === undefined ? "" : formatNumber(plain / KB),
          ]),
        },
      ],
      bars: entries.flatMap(barOf),
      charts: [
        {
          name: "sizes",
          title: "Web bundles, minified and gzipped",
          unit: "kB",
          entries: entries.flatMap(({ entry, gzip, plain }) => [
            { label: entry, value: exactly(gzip / KB), own: true },
            ...(plain === undefined
              ? []
              : [{ label: `${entry} without it, plain`, value: exactly(plain / KB), own: false }]),
          ]),
        },
      ],
      remarks: [],
      packages: ["@connectrpc/connect", "@bufbuild/protobuf"],
    };
  },
};

const ABOUT = `Everything that a page loads before its first call, bundled by rolldown: \`packages/web/scripts/size.mjs\`. The page makes a
client and searches.`;

function barOf({ entry, gzip, plain }: EntrySize): Bar[] {
  if (entry === "json") {
    return [
      {
        what: "web bundle, json entry",
        limit: { kind: "at most", value: 18, unit: "kB" },
        measured: exactly(gzip / KB),
      },
    ];
  }
  if (plain === undefined) return [];
  return [
    {
      what: `web bundle, ${entry} entry above connect-web + protobuf-es used plainly`,
      limit: { kind: "at most", value: 15, unit: "kB" },
      measured: exactly((gzip - plain) / KB),
    },
  ];
}
