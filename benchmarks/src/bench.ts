import { fileURLToPath } from "node:url";
import { Child } from "./harness/child.ts";
import { type BenchOptions, readOptions, USAGE } from "./options.ts";
import { ResultsFolder } from "./report/results-folder.ts";
import { renderForTerminal } from "./report/results-page.ts";
import type { SectionReport } from "./report/section-report.ts";
import { SECTIONS } from "./sections.ts";

const folderOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Runs the sections that were asked for, each in a process of its own. */
async function bench({ sections, quick }: BenchOptions): Promise<void> {
  const results = new ResultsFolder(folderOf(quick ? "../.cache/quick" : ".."), folderOf("../notes"));
  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ").replace(/ --$/, "");
  for (const id of sections) {
    const startMs = performance.now();
    try {
      const report = await runSection(id, quick);
      results.store(id, command, report);
      console.log(`${renderForTerminal(report)}\n`);
    } catch (error) {
      console.error(`${id} failed: ${(error as Error).message}`);
      process.exitCode = 1;
    }
    console.log(`${id}: ${((performance.now() - startMs) / 1_000).toFixed(0)} s\n`);
  }
  results.render(SECTIONS.map(({ id }) => id));
  console.log(`written: ${results.pageFile}`);
}

async function runSection(id: string, quick: boolean): Promise<SectionReport> {
  const main = new URL("./section-main.ts", import.meta.url);
  const { child, ready } = await Child.start<SectionReport>(main, { id, quick });
  await child.stop();
  return ready;
}

let options: BenchOptions | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
if (options !== undefined) await bench(options);
