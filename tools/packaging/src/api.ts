// Compares the committed API reports with the built declarations, and checks that
// every export is documented. With --write it brings the reports up to date.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { apiEntries, checkApi, reportFile, reportFolder, strayReports } from "./api/api-report.ts";
import { publicPackages, ROOT } from "./packages/workspace.ts";

const write = process.argv.includes("--write");
const scratch = mkdtempSync(join(tmpdir(), "vectron-api-"));
const problems: string[] = [];
try {
  for (const each of publicPackages()) {
    for (const entry of apiEntries(each)) {
      const report = relative(ROOT, join(reportFolder(each), reportFile(entry)));
      const result = checkApi(entry, scratch, write);
      problems.push(...result.problems.map((problem) => `${each.name}${entry.subpath}: ${problem}`));
      if (!result.changed) continue;
      if (write) console.log(`wrote ${report}`);
      else problems.push(`${report} differs from what the package exports`);
    }
    problems.push(...strayReports(each).map((file) => `${each.name} has no entry for the report ${file}`));
  }
} finally {
  rmSync(scratch, { recursive: true });
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error("to bring the reports up to date: npm run api");
  process.exitCode = 1;
} else {
  console.log("the API reports say what the packages export");
}
