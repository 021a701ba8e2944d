import { describeConformance } from "../src/vitest.ts";
import { openGrpc } from "./support/targets.ts";

describeConformance("gRPC to the local server", openGrpc);
