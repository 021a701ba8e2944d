export { CAPABILITIES, type Capability, ENGINE_CAPABILITIES } from "./capabilities.ts";
export { allCases } from "./cases/all-cases.ts";
export type { CaseContext, ConformanceCase } from "./conformance-case.ts";
export { type KnownGap, knownGaps } from "./known-gaps.ts";
export {
  type CaseFailure,
  type CaseResult,
  type RunOptions,
  runSuite,
  Suite,
  type SuiteOptions,
} from "./suite.ts";
export type { ConformanceTarget } from "./target.ts";
