import { callsSection } from "./calls/calls-section.ts";
import { codecSection } from "./codec/codec-section.ts";
import type { Section } from "./section.ts";

/** Every section, in the order in which they are run and shown. */
export const SECTIONS: readonly Section[] = [codecSection, callsSection];
