// Fails if a package has changed since a base and no changeset names it. The base
// is the branch that a pull request goes to, or what VECTRON_BASE_REF names.

import { checkChangesets } from "./release/check-changesets.ts";

const { VECTRON_BASE_REF, GITHUB_BASE_REF } = process.env;
const base = VECTRON_BASE_REF || (GITHUB_BASE_REF && `origin/${GITHUB_BASE_REF}`);

if (!base) {
  console.log("there is no base to compare with: changesets are checked on pull requests");
} else {
  const problems = await checkChangesets(base);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error("to write one: npx changeset; where users can notice nothing: npx changeset --empty");
    process.exitCode = 1;
  } else {
    console.log(`every package that has changed since ${base} has a changeset`);
  }
}
