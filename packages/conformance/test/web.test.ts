import { describeConformance } from "../src/vitest.ts";
import { openWeb } from "./support/targets.ts";

describeConformance("HTTP/JSON to the local server", () => openWeb("json"));
describeConformance("gRPC-Web to the local server", () => openWeb("grpc-web"));
describeConformance("Connect to the local server", () => openWeb("connect"));
