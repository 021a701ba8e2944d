import type { Capability } from "../src/capabilities.ts";
import { allCases } from "../src/cases/all-cases.ts";
import { describeConformance } from "../src/vitest.ts";
import { openRateLimitedGrpc, openSmallGrpc } from "./support/targets.ts";

/** The cases about a limit, which would stand in the way of all others. */
function casesThatNeed(capability: Capability) {
  return { cases: allCases.filter(({ needs = [] }) => needs.includes(capability)), gaps: [] };
}

describeConformance("gRPC to a server with a rate limit", openRateLimitedGrpc, casesThatNeed("rate-limit"));
describeConformance("gRPC to a server of small messages", openSmallGrpc, casesThatNeed("small-messages"));
