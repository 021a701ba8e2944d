import { describeConformance } from "../src/vitest.ts";
import { openInProcess } from "./support/targets.ts";

describeConformance("in-process", openInProcess);
