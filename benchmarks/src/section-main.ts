import { answerParent } from "./harness/child.ts";
import { SECTIONS } from "./sections.ts";

// Runs in the process of one section.

answerParent(({ id, quick }: { id: string; quick: boolean }) => {
  const section = SECTIONS.find((one) => one.id === id);
  if (section === undefined) throw new Error(`there is no section ${id}`);
  return section.run({ quick, log: (what) => console.log(`${id}: ${what}`) });
});
