import { bulkSection } from "./bulk/bulk-section.ts";
import { callsSection } from "./calls/calls-section.ts";
import { codecSection } from "./codec/codec-section.ts";
import { engineSection } from "./engine/engine-section.ts";
import { memorySection } from "./memory/memory-section.ts";
import { peersSection } from "./peers/peers-section.ts";
import type { Section } from "./section.ts";
import { servedSection } from "./served/served-section.ts";
import { sizesSection } from "./sizes/sizes-section.ts";
import { startupSection } from "./startup/startup-section.ts";

/** Every section, in the order in which they are run and shown. */
export const SECTIONS: readonly Section[] = [
  codecSection,
  callsSection,
  engineSection,
  bulkSection,
  servedSection,
  memorySection,
  startupSection,
  sizesSection,
  peersSection,
];
