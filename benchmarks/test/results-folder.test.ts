import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { exactly } from "../src/harness/spread.ts";
import { ResultsFolder } from "../src/report/results-folder.ts";
import type { SectionReport } from "../src/report/section-report.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vectron-results-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function reportOf(name: string, ratio: number): SectionReport {
  return {
    title: `Section ${name}`,
    about: `About ${name}.`,
    tables: [{ title: "Times", columns: ["who", "µs"], rows: [["a|b", "12"]] }],
    bars: [
      {
        what: `${name} against the floor`,
        limit: { kind: "at most", value: 2, unit: "x" },
        measured: { median: ratio, lower: ratio - 0.5, upper: ratio + 0.5 },
      },
    ],
    charts: [
      {
        name: `${name}-chart`,
        title: "Ours & <theirs>",
        unit: "µs",
        entries: [{ label: "ours", value: exactly(1), own: true }],
      },
    ],
    remarks: [],
    packages: ["tsx"],
  };
}

const page = () => readFileSync(join(folder, "RESULTS.md"), "utf8");

it("keeps the sections that were not measured again", () => {
  const results = new ResultsFolder(folder, join(folder, "notes"));
  results.store("one", "npm run bench", reportOf("one", 1.5));
  results.store("two", "npm run bench", reportOf("two", 3));
  results.store("one", "npm run bench -- --only one", reportOf("one", 1.75));
  results.render(["one", "two", "never"]);

  expect(page()).toContain("| one against the floor | at most 2.00x | 1.75x (1.25–2.25) | met |");
  expect(page()).toContain("| two against the floor | at most 2.00x | 3.00x (2.50–3.50) | **missed** |");
  expect(page().indexOf("Section one")).toBeLessThan(page().indexOf("Section two"));
  expect(page()).toContain("`npm run bench -- --only one`");
  expect(page()).toContain(`Node ${process.versions.node}`);
  expect(page()).toMatch(/tsx \d+\.\d+\.\d+/);
});

it("keeps a cell's own lines out of the table", () => {
  const results = new ResultsFolder(folder, join(folder, "notes"));
  results.store("one", "npm run bench", reportOf("one", 1));
  results.render(["one"]);
  expect(page()).toContain("| a\\|b | 12 |");
});

it("draws the charts beside the page, and removes those of sections that are gone", () => {
  const results = new ResultsFolder(folder, join(folder, "notes"));
  results.store("one", "npm run bench", reportOf("one", 1));
  results.store("two", "npm run bench", reportOf("two", 1));
  results.render(["one", "two"]);
  results.render(["two"]);
  expect(readdirSync(join(folder, "charts"))).toEqual(["two-chart.svg"]);
  expect(page()).toContain("![Ours & <theirs>](charts/two-chart.svg)");
  expect(readFileSync(join(folder, "charts/two-chart.svg"), "utf8")).toContain("Ours &amp; &lt;theirs>");
});
